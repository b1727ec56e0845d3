package link

import "errors"

var (
	// ErrClosed means that this side has closed the link.
	ErrClosed = errors.New("link is closed")
	// ErrLost means that the other side is gone. The errors below say why, and
	// are ErrLost as well when they end a link.
	ErrLost = errors.New("link is lost: the other side is gone")
	// ErrTooLarge means that a message is over the bound. Sending one leaves
	// the link intact; receiving one ends it.
	ErrTooLarge = errors.New("message is too large for the link")
	// ErrForeign means that the other side does not speak this protocol at all.
	ErrForeign = errors.New("what answers is not Nearend")
	// ErrVersion means that the other side speaks another version of it.
	ErrVersion = errors.New("the other side speaks another version of the link: update the older one")
	// ErrRejected means that the other side does not accept this machine. It
	// comes from the stream.
	ErrRejected = errors.New("the other side does not accept this machine: pair them again")
	// ErrMalformed means that the other side broke the framing.
	ErrMalformed = errors.New("the other side sent a malformed frame")
	// ErrFlooded means that the other side sent more than it had credit for.
	ErrFlooded = errors.New("the other side sent more than it was allowed to")
	// ErrSilent means that not even a heartbeat came for 6 s.
	ErrSilent = errors.New("nothing was heard from the other side")
	// ErrStalled means that the other side lives but took no message for 10 s.
	ErrStalled = errors.New("the other side takes no messages")
)
