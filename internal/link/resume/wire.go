package resume

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"nearend/internal/link"
)

const (
	idSize    = 16
	tokenSize = 32
)

// kind is the first byte of a message.
type kind byte

const (
	open kind = iota + 1
	opened
	resume
	resumed
	refused
	data
	ack
	bye
)

// sizes are of the body of each kind but data.
var sizes = map[kind]int{
	open:    0,
	opened:  idSize + tokenSize + 8,
	resume:  idSize + tokenSize + 8,
	resumed: 8,
	refused: 1,
	ack:     8,
	bye:     0,
}

// reason is why an attempt was refused.
type reason byte

const (
	unknownSession  reason = 1
	tooManySessions reason = 2
)

// Why an attempt was refused; also link.ErrLost.
var (
	// ErrUnknown means that the endpoint does not have the session any more:
	// its grace period is over, or the endpoint was started anew.
	ErrUnknown = errors.New("the endpoint does not know this session any more")
	// ErrTooMany means that the endpoint serves as many as it can.
	ErrTooMany = errors.New("the endpoint serves too many native messaging hosts")
	// ErrRefused is for reasons that only a newer endpoint has.
	ErrRefused = errors.New("the endpoint refuses")
)

func (r reason) err() error {
	switch r {
	case unknownSession:
		return fmt.Errorf("%w: %w", link.ErrLost, ErrUnknown)
	case tooManySessions:
		return fmt.Errorf("%w: %w", link.ErrLost, ErrTooMany)
	default:
		return fmt.Errorf("%w: %w for reason %d", link.ErrLost, ErrRefused, r)
	}
}

// ticket is what it takes to resume a session.
type ticket struct {
	id    [idSize]byte
	token [tokenSize]byte
}

// compose makes a message of fixed size.
func compose(k kind, parts ...[]byte) []byte {
	message := []byte{byte(k)}
	for _, part := range parts {
		message = append(message, part...)
	}
	return message
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func openedMessage(t ticket, grace time.Duration) []byte {
	return compose(opened, t.id[:], t.token[:], number(uint64(grace.Milliseconds())))
}

func resumeMessage(t ticket, received uint64) []byte {
	return compose(resume, t.id[:], t.token[:], number(received))
}

// parse splits a message and checks the size of its body.
func parse(message []byte) (kind, []byte, error) {
	if len(message) == 0 {
		return 0, nil, fmt.Errorf("%w: an empty message", link.ErrMalformed)
	}
	k, body := kind(message[0]), message[1:]
	if size, fixed := sizes[k]; k != data && (!fixed || size != len(body)) {
		return 0, nil, fmt.Errorf("%w: kind %d with %d bytes", link.ErrMalformed, k, len(body))
	}
	return k, body, nil
}

// parseTicket reads the body of opened or resume: a ticket and a number.
func parseTicket(body []byte) (t ticket, n uint64) {
	copy(t.id[:], body)
	copy(t.token[:], body[idSize:])
	return t, binary.BigEndian.Uint64(body[idSize+tokenSize:])
}
