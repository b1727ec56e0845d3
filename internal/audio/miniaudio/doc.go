// Package miniaudio is the sound system of the endpoint's machine, through the
// miniaudio library. It is the only package that sees its binding, malgo.
//
// A sound device calls back on a thread of its own that must never wait. The
// callbacks here copy samples between the device's memory and a lock-free ring
// and leave a value in a channel of one place; everything else happens on
// other goroutines. Each stream has one goroutine that watches its device:
//
//	           the device calls back            Close
//	         ┌─────────┐
//	Open ──▶ playing ──┴─────────────────────────────────▶ closed
//	         │      ▲                                       ▲
//	 silent  │      │ device is still listed: open it anew  │
//	 or      ▼      │                                       │
//	stopped  in trouble ── not listed, or five seconds ──▶ lost
//
// Locks: System.mu orders everything that talks to a miniaudio context, which
// is not safe for concurrent use (its PulseAudio backend runs one main loop for
// listing devices and for opening them). A stream's device belongs to the
// watching goroutine. Callbacks take no lock.
package miniaudio
