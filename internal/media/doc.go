// Package media is the engine: microphones to RTP, RTP to loudspeakers.
//
//	microphone ─ chain (voice) ─┬─ track ─┬─ sender (packetizer, encoder) ─ Write
//	                            │         └─ tap ── output
//	                            └─ track ── mixture ── track ── sender …
//	Push ─ receiver (jitter buffer) ─ feed ─ track ─┬─ tap ── output (mix of players)
//	                                                └─ sender …
//
// # Clocks
//
// A microphone feeds its tracks when its device gives a frame. A receiver is
// pulled by the output that leads it, one of those that play it, so that no
// second queue adds delay; other outputs read what the leader pulled from their
// taps. A receiver that nobody plays, and one whose leader stands still, is
// pulled by the engine's own clock, so that its statistics go on as in a
// browser. Each sender codes in a goroutine of its own.
//
// What the output plays that leads most receivers is what the chains' echo
// cancellers listen to.
//
// A mixture makes a track of others; it keeps the pace of the first of them
// that is live.
//
// # Locks
//
// Engine.mu guards the graph: which tracks, players, devices there are and who
// feeds whom. What runs every 10 ms reads immutable copies of it through atomic
// pointers and takes no lock that the graph's owner holds. Events are called
// without locks.
package media
