// Package peer is one redirected RTCPeerConnection: requests of the protocol
// in, replies, snapshots and events out.
//
//	Handle ─ queue ─ operations ─┬─ signaling: descriptions, JSEP, rollback
//	                             ├─ transceivers ─┬─ sender   ── rtpstream.Sender
//	                             │                └─ receiver ── rtpstream.Receiver
//	                             ├─ data channels ── SCTP
//	                             └─ transport (ICE, DTLS, SRTP) ── far end
//
// The session description machinery is our own (RFC 8829), on pion's ICE, DTLS,
// SRTP and SCTP: pion's peer connection cannot roll back, refuses descriptions
// that a page has edited, and wants mids, BUNDLE and declared SSRCs, which
// telephony gateways do not send.
//
// One lock, PeerConnection.mu, guards the whole model. Requests run one after
// the other on one goroutine; what the network reports takes the lock for as
// long as it needs to say so. Nothing waits for the network while the lock is
// held: transports and streams are closed, and data is written, outside it.
package peer
