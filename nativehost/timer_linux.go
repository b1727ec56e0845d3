package main

// The Go runtime's monitor thread sleeps 20 µs at a time while anything runs,
// and the kernel's default slack of 50 µs makes that more than ten thousand
// wake-ups a second in a call, which wakes every few milliseconds. Threads
// inherit the slack, so it is set before the runtime starts its first.

// #include <sys/prctl.h>
//
// __attribute__((constructor)) static void relax_timers(void) {
//	prctl(PR_SET_TIMERSLACK, 500000UL, 0, 0, 0); // ns
// }
import "C"
