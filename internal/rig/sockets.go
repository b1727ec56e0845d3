package rig

import (
	"fmt"
	"os"
	"strings"
)

// UDPSockets counts the UDP sockets that the browser's processes hold, the
// native messaging host left out: what media could flow through.
func (b *Browser) UDPSockets() (int, error) {
	all, err := b.Processes()
	if err != nil {
		return 0, err
	}
	count := 0
	for _, p := range all {
		if p.Role != nativeHostRole {
			count += udpSockets(p.PID)
		}
	}
	return count, nil
}

// udpSockets counts one process's; a process that ends meanwhile has none.
func udpSockets(pid int) int {
	inodes := map[string]bool{}
	for _, table := range []string{"udp", "udp6"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			if fields := strings.Fields(line); len(fields) > 9 {
				inodes["socket:["+fields[9]+"]"] = true
			}
		}
	}
	folder := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	count := 0
	for _, entry := range entries {
		if link, err := os.Readlink(folder + "/" + entry.Name()); err == nil && inodes[link] {
			count++
		}
	}
	return count
}
