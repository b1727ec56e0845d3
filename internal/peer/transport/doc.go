// Package transport is the one network path of a peer connection: ICE, DTLS,
// SRTP and the DTLS data that SCTP runs on, everything bundled (RFC 9143).
//
//	candidates ── Generation (ICE agent) ──┐
//	              Generation, on restart ──┴── demultiplexer (RFC 7983)
//	                                             ├── Association: DTLS → SRTP keys
//	                                             ├── RTP and RTCP, decrypted
//	                                             └── data for SCTP
//
// An ICE restart makes a second generation beside the first. Media stays on the
// first until the second is connected, and a rolled back restart just closes the
// second. A change of the far end's fingerprint makes a new association.
//
// Callbacks come from the transport's own goroutines, never while one of its
// locks is held and never from inside a call into it.
package transport
