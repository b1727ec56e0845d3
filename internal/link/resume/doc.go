// Package resume makes a link that outlives the byte streams that carry it.
//
// The native messaging host dials, the endpoint accepts. What the two share is
// a session: when its stream ends, or nothing is heard on it any more, the
// native messaging host dials again and resumes, and each side sends again
// what the other has not received. Users of the link notice a pause.
//
//	          opened                     stream ended
//	opening ─────────▶ attached ────────────────────────▶ detached
//	   │                │  ▲ ▲                             │   │
//	   │                │  │ └─────────── resumed ─────────┘   │
//	   │ refused,       │  └ resumed: the newer stream counts  │
//	   │ no stream      │                                      │ grace is over,
//	   ▼                │ bye, Close, stalled,                 │ refused, Close
//	(no session)        └──────────────▶ over ◀────────────────┘
//
// # Messages
//
// Each message on a stream starts with a byte that says what it is. Numbers
// are big-endian. The native messaging host sends open or resume first, the
// endpoint answers, then both send the rest.
//
//	open                                          a new session, please
//	opened   id[16] token[32] grace[8]            in milliseconds
//	resume   id[16] token[32] received[8]         the session with that id
//	resumed  received[8]
//	refused  reason[1]                            then the stream ends
//	data     message
//	ack      received[8]
//	bye                                           the session is over
//
// Each side counts the data messages that it sends and receives, from 1 in
// each direction and for the whole session. On one stream they are in order,
// so the number is not in the message: received says how many have come, and
// what follows resumed or is sent after it are those beyond. So each arrives
// at most once, and exactly once unless the session ends.
//
// A side keeps at most 4 MiB that were not acknowledged; then Send blocks. It
// holds 64 KiB that Receive has not taken, and then leaves the rest to the
// stream's credit.
//
// # Trust
//
// Who knows a session's id and token, 256 random bits that only its two sides
// have seen, may resume it, if it is the one whom the endpoint knows to have
// opened it. Streams must keep others from reading them. An attempt that is
// refused changes nothing.
package resume
