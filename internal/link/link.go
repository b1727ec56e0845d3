// Package link carries whole messages, in order, between the native messaging
// host and the endpoint. What is in the messages is not its business.
//
// A Link is made by Pipe when both sides are in one process, and by NewStream
// on top of any ordered byte stream.
package link

import (
	"errors"

	"nearend/internal/protocol"
)

// MaxMessage is the size in bytes of the largest message that a link carries.
const MaxMessage = protocol.MaxMessage

var (
	// ErrClosed means that this side has closed the link.
	ErrClosed = errors.New("link is closed")
	// ErrLost means that the other side is gone.
	ErrLost = errors.New("link is lost: the other side is gone")
	// ErrTooLarge means that a message is over MaxMessage. Sending one leaves
	// the link intact; receiving one ends it.
	ErrTooLarge = errors.New("message is too large for the link")
)

// Link is one side of the way to the other machine. Send and Receive may be
// called by one goroutine each at the same time; Close by any, more than once.
type Link interface {
	// Send passes a message on, which belongs to the link from then on. It
	// blocks while the other side does not keep up.
	Send(message []byte) error
	// Receive returns the next message, which is the caller's. Messages that
	// arrived before the other side closed are still delivered.
	Receive() ([]byte, error)
	// Close ends the link for both sides and makes blocked calls return.
	Close() error
}
