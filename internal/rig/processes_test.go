package rig

import (
	"net"
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	p, ok := parseStat("42 (a) name (x)) S 7 1 1 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9 0 100 1000000 25 18446744073709551615 1 1")
	if !ok || p.Parent != 7 || p.CPU != 3*time.Second || p.RSS != uint64(25*os.Getpagesize()) {
		t.Errorf("got %+v, %v", p, ok)
	}
	for _, rubbish := range []string{"", "42", "42 (a) S 1"} {
		if _, ok := parseStat(rubbish); ok {
			t.Errorf("%q was understood", rubbish)
		}
	}
}

func TestRole(t *testing.T) {
	for commandLine, want := range map[string]string{
		"/usr/lib/chromium/chromium\x00--user-data-dir=/tmp/p\x00":                                        "browser",
		"/usr/lib/chromium/chromium --type=renderer --lang=en":                                            "renderer",
		"/usr/lib/chromium/chromium --type=utility --utility-sub-type=audio.mojom.AudioService --lang=en": "audio.mojom.AudioService",
		"/x/dist/nativehost\x00chrome-extension://a/\x00":                                                 "nativehost",
		"/bin/sh\x00-c\x00x\x00": "sh",
		"":                       "",
	} {
		if got := role(commandLine); got != want {
			t.Errorf("%q is %q, want %q", commandLine, got, want)
		}
	}
}

func TestProcessesIncludeThisOne(t *testing.T) {
	all, _, err := processes()
	if err != nil {
		t.Fatal(err)
	}
	if p := all[os.Getpid()]; p.Parent != os.Getppid() || p.RSS == 0 {
		t.Errorf("got %+v for this process, whose parent is %d", p, os.Getppid())
	}
	if proportionalSize(os.Getpid()) == 0 {
		t.Error("this process has no proportional size")
	}
}

func TestUDPSocketsAreCounted(t *testing.T) {
	before := udpSockets(os.Getpid())
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := udpSockets(os.Getpid()) - before; got != 1 {
		t.Errorf("%d more UDP sockets, want 1", got)
	}
}
