// Package jitter turns RTP packets, which arrive late, twice, in the wrong
// order or not at all, into an even stream of audio. It knows two verbs: insert
// a packet, and pull 10 ms.
//
// # Time
//
// A packet's transit is its arrival minus its RTP timestamp, both in seconds.
// Its smallest value of the last seconds is the base: how fast the network can
// be. How much later than the base packets arrive is what the buffer must
// bridge. A packet whose samples are needed now has a slack: the pull's time
// minus the base minus its timestamp. It is here in time if and only if its
// transit is not more than the slack above the base, whatever happened to its
// neighbours. So the buffer measures the slack, chooses a target from a
// histogram of transits, and moves the one to the other by leaving out or
// repeating pitch periods, which the listener does not notice. Clock drift
// needs no care of its own: it moves the base.
//
// # Each pull
//
//	next packet is here, in order  -> decode, after a loss blended with what was concealed
//	one is missing, its successor  -> decode the copy that the successor carries
//	  carries a copy
//	one is missing                 -> conceal until its successor's turn
//	nothing is here                -> conceal, and hold the timeline: what comes is played later
//	the sender pauses (DTX, CN)    -> comfort noise until the next packet is due by its slack
//
// Nothing here reads a clock, starts a goroutine or allocates once it runs. A
// Buffer belongs to one goroutine at a time.
package jitter
