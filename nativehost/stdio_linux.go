package main

import "syscall"

// duplicateOnto is dup2, which not every Linux has.
func duplicateOnto(from, onto int) error { return syscall.Dup3(from, onto, 0) }
