package rig

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of processor time in /proc/PID/stat: Linux reports
// USER_HZ, which is 100 on every architecture that Go supports.
const clockTick = time.Second / 100

// Process is a snapshot of one process.
type Process struct {
	PID, Parent int
	// Role is "browser", "renderer", "gpu-process", the name of a utility's
	// service, "zygote", "nativehost" or, for anything else, the program's name.
	Role string
	// CPU is the processor time used so far.
	CPU time.Duration
	// RSS is resident memory and PSS the same with shared pages divided among
	// those who share them, in bytes.
	RSS, PSS uint64
}

// Processes lists the browser's processes and everything that they started.
func (b *Browser) Processes() ([]Process, error) {
	all, commands, err := processes()
	if err != nil {
		return nil, err
	}
	mine := map[int]bool{}
	for pid, command := range commands {
		if strings.Contains(command, b.Profile) {
			mine[pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, p := range all {
			if !mine[pid] && mine[p.Parent] {
				mine[pid], grown = true, true
			}
		}
	}
	var list []Process
	for pid := range mine {
		p := all[pid]
		p.PSS = proportionalSize(pid)
		list = append(list, p)
	}
	return list, nil
}

// NativeHosts lists the native messaging hosts that the browser runs.
func (b *Browser) NativeHosts() ([]Process, error) {
	all, err := b.Processes()
	var hosts []Process
	for _, p := range all {
		if p.Role == nativeHostRole {
			hosts = append(hosts, p)
		}
	}
	return hosts, err
}

// Usage is what a group of processes used.
type Usage struct {
	CPU      time.Duration
	RSS, PSS uint64
}

// Since is the processor time since an earlier reading; memory is not a sum.
func (u Usage) Since(earlier Usage) Usage {
	u.CPU -= earlier.CPU
	return u
}

// Usage adds up the browser itself and the native messaging host apart.
func (b *Browser) Usage() (browser, host Usage, err error) {
	all, err := b.Processes()
	for _, p := range all {
		u := &browser
		if p.Role == nativeHostRole {
			u = &host
		}
		u.CPU += p.CPU
		u.RSS += p.RSS
		u.PSS += p.PSS
	}
	return browser, host, err
}

const nativeHostRole = "nativehost"

func processes() (map[int]Process, map[int]string, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, nil, err
	}
	all, commands := map[int]Process{}, map[int]string{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		// A process that ends meanwhile is left out.
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		commandLine, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err != nil {
			continue
		}
		if p, ok := parseStat(string(stat)); ok {
			commands[pid] = string(commandLine)
			p.PID, p.Role = pid, role(string(commandLine))
			all[pid] = p
		}
	}
	return all, commands, nil
}

// parseStat reads proc_pid_stat(5). The name, in parentheses, may hold
// anything, so fields count from the last one.
func parseStat(stat string) (Process, bool) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 22 {
		return Process{}, false
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		return n
	}
	return Process{
		Parent: int(number(1)),
		CPU:    time.Duration(number(11)+number(12)) * clockTick,
		RSS:    uint64(number(21)) * uint64(os.Getpagesize()),
	}, true
}

// role reads a command line. Chromium's children rewrite theirs, with spaces
// between arguments.
func role(commandLine string) string {
	arguments := strings.FieldsFunc(commandLine, func(r rune) bool { return r == 0 || r == ' ' })
	if len(arguments) == 0 {
		return ""
	}
	name := filepath.Base(arguments[0])
	if name == nativeHostRole {
		return nativeHostRole
	}
	kind := ""
	for _, argument := range arguments {
		if service, ok := strings.CutPrefix(argument, "--utility-sub-type="); ok {
			return service
		}
		if k, ok := strings.CutPrefix(argument, "--type="); ok {
			kind = k
		}
	}
	switch {
	case kind != "":
		return kind
	case strings.HasPrefix(name, "chrom"):
		return "browser"
	}
	return name
}

func proportionalSize(pid int) uint64 {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(rollup)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "Pss:" {
			kilobytes, _ := strconv.ParseUint(fields[1], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
