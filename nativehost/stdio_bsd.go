//go:build unix && !linux

package main

import "syscall"

func duplicateOnto(from, onto int) error { return syscall.Dup2(from, onto) }
