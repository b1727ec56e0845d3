//go:build unix

package main

import (
	"os"
	"syscall"
)

// brokenPipe is the signal of a write that nobody can read.
const brokenPipe = syscall.SIGPIPE

// claimStdio takes standard input and output for native messaging. What
// anything else in the process prints to standard output goes to standard
// error from then on, C libraries included. Closing the files makes blocked
// reads and writes return.
func claimStdio() (input, output *os.File, err error) {
	if input, err = claim(os.Stdin); err != nil {
		return nil, nil, err
	}
	if output, err = claim(os.Stdout); err != nil {
		return nil, nil, err
	}
	if err := duplicateOnto(int(os.Stderr.Fd()), int(os.Stdout.Fd())); err != nil {
		return nil, nil, err
	}
	os.Stdout = os.Stderr
	return input, output, nil
}

// claim returns another descriptor of a file, which the runtime's poller
// watches.
func claim(file *os.File) (*os.File, error) {
	descriptor, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(descriptor)
	if err := syscall.SetNonblock(descriptor, true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(descriptor), file.Name()), nil
}
