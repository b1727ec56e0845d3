// Package link carries whole messages, in order, between the native messaging
// host and the endpoint. What is in the messages is not its business.
//
// A Link is made by Pipe when both sides are in one process, and by NewStream
// on top of any ordered byte stream.
//
// # On a byte stream
//
// Each side first sends eight bytes, "NEAREND" and the version of the framing,
// then frames. A frame is its length as 32 bits little-endian, at least 1 and
// at most 8188, then that many bytes: the kind and a body.
//
//	kind  name       body
//	1     part       a piece of a message, not empty; more of it follows
//	2     last       the last or only piece of a message
//	3     credit     32 bits little-endian: so much more may be sent
//	4     heartbeat  empty
//
// Pieces of one message follow each other with nothing but frames of kind 3
// and 4 in between. A piece costs the length of its body and 64; a side starts
// with credit for 131072 and sends none that it cannot pay. Credit is given
// back when a message is taken, not when it arrives, so that a side never holds
// more than that and the one message that it puts together.
//
// A heartbeat goes out every 2 s. A side that hears no whole frame for 6 s, or
// whose messages do not move for 10 s, counts the other as gone.
package link

import (
	"time"

	"nearend/internal/protocol"
)

// MaxMessage is the size in bytes of the largest message that a link carries.
const MaxMessage = protocol.MaxMessage

// stallAfter is how long messages may wait without one moving before the other
// side counts as gone.
const stallAfter = 10 * time.Second

// Link is one side of the way to the other machine. Send and Receive may be
// called by one goroutine each at the same time; Close by any, more than once.
type Link interface {
	// Send passes a message on, which belongs to the link from then on. It
	// blocks while the other side does not keep up, and gives the link up
	// when the other side takes nothing for 10 s.
	Send(message []byte) error
	// Receive returns the next message, which is the caller's. Messages that
	// arrived before the other side closed are still delivered.
	Receive() ([]byte, error)
	// Close ends the link for both sides, makes blocked calls return and waits
	// for what the link itself has running.
	Close() error
}
