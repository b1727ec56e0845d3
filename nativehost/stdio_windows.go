package main

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// brokenPipe does not happen on Windows: writes fail instead.
const brokenPipe = syscall.SIGPIPE

// claimStdio takes standard input and output for native messaging. What
// anything else in the process prints goes to standard error from then on.
func claimStdio() (input, output *os.File, err error) {
	input, output = os.Stdin, os.Stdout
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd())); err != nil {
		return nil, nil, err
	}
	os.Stdout = os.Stderr
	return input, output, nil
}
