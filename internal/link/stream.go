package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// window is the credit that each side starts with, and so the most that
	// waits on one side to be taken by Receive. As much waits to be sent, or
	// one message.
	window = 128 << 10
	// pieceCost is what a piece costs besides its length: about what it takes
	// to keep one.
	pieceCost = 64
	// grantStep is how much is taken before credit for it is given back.
	grantStep = window / 4

	heartbeatEvery = 2 * time.Second
	silenceAfter   = 6 * time.Second
	// farewell is how long Close waits for messages to leave, and how long a
	// stream that cannot be written to is still read.
	farewell = 200 * time.Millisecond
)

// Headroom is how much larger than MaxMessage a message on a stream may be,
// for what a layer between adds.
const Headroom = 64

// maxOnStream bounds a message on a stream.
const maxOnStream = MaxMessage + Headroom

// NewStream returns a link over an ordered byte stream that it then owns. The
// stream's Close must make its blocked reads and writes return.
func NewStream(stream io.ReadWriteCloser) Link {
	s := &streamLink{stream: stream, credit: window, allowance: window}
	s.moved = sync.NewCond(&s.mu)
	s.silence = time.AfterFunc(silenceAfter, func() { s.end(ErrSilent) })
	s.stall = time.AfterFunc(stallAfter, func() { s.end(ErrStalled) })
	s.stall.Stop()
	s.running.Go(s.read)
	s.running.Go(s.write)
	return s
}

// streamLink is a Link over a byte stream. One goroutine reads and one writes.
type streamLink struct {
	stream io.ReadWriteCloser
	// running are the two goroutines.
	running sync.WaitGroup
	// silence ends the link unless frames put it off; stall does while
	// messages wait, unless one moves.
	silence, stall *time.Timer

	mu    sync.Mutex
	moved *sync.Cond
	// closing is set by Close, ended by what ended the link.
	closing bool
	ended   error

	// outgoing are the messages that have not left, the first without the
	// pieces that have; queued is their size.
	outgoing [][]byte
	queued   int
	// credit is what may still be sent, beat that a heartbeat is due.
	credit int
	beat   bool

	// incoming are the pieces that have arrived, allowance what the other
	// side may still send, grant what to allow it besides.
	incoming  []piece
	allowance int
	grant     int
}

// piece is a message or a part of one.
type piece struct {
	body []byte
	last bool
}

func (s *streamLink) Send(message []byte) error {
	if len(message) > maxOnStream {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(message))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.outgoing) > 0 && s.queued+len(message)+pieceCost > window && !s.over() {
		s.moved.Wait()
	}
	if s.over() {
		return s.reason()
	}
	if len(s.outgoing) == 0 {
		s.stall.Reset(stallAfter)
	}
	s.outgoing = append(s.outgoing, message)
	s.queued += len(message) + pieceCost
	s.moved.Broadcast()
	return nil
}

func (s *streamLink) Receive() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var message []byte
	for {
		for len(s.incoming) == 0 && !s.over() {
			s.moved.Wait()
		}
		if s.closing || len(s.incoming) == 0 {
			return nil, s.reason()
		}
		next := s.incoming[0]
		s.incoming[0] = piece{}
		s.incoming = s.incoming[1:]
		if s.grant += cost(next.body); s.grant >= grantStep {
			s.moved.Broadcast()
		}
		if message == nil {
			message = next.body
		} else {
			message = append(message, next.body...)
		}
		if next.last {
			return message, nil
		}
	}
}

// Close gives messages that were sent a moment to leave.
func (s *streamLink) Close() error {
	s.mu.Lock()
	if s.ended == nil {
		s.closing = true
	}
	s.moved.Broadcast()
	s.mu.Unlock()
	cut := time.AfterFunc(farewell, func() { s.end(ErrClosed) })
	s.running.Wait()
	cut.Stop()
	return nil
}

// over tells that nothing can be sent any more. The caller holds mu.
func (s *streamLink) over() bool { return s.closing || s.ended != nil }

// reason is why. The caller holds mu.
func (s *streamLink) reason() error {
	if s.closing || errors.Is(s.ended, ErrClosed) {
		return ErrClosed
	}
	if errors.Is(s.ended, ErrLost) {
		return s.ended
	}
	return fmt.Errorf("%w: %w", ErrLost, s.ended)
}

// end ends the link; the first reason holds.
func (s *streamLink) end(reason error) {
	s.mu.Lock()
	if s.ended == nil {
		s.ended = reason
	}
	s.moved.Broadcast()
	s.mu.Unlock()
	s.silence.Stop()
	s.stall.Stop()
	s.stream.Close()
}

// read takes frames until the stream ends.
func (s *streamLink) read() {
	frames := newFrameReader(s.stream)
	if err := checkPreamble(frames.input); err != nil {
		s.end(err)
		return
	}
	size := 0
	for {
		k, body, err := frames.next()
		if err == nil {
			s.silence.Reset(silenceAfter)
			size, err = s.take(k, body, size)
		}
		if err != nil {
			s.end(err)
			return
		}
	}
}

// take does what a frame says. It gets and returns how much there is of the
// message whose end has not come.
func (s *streamLink) take(k kind, body []byte, size int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case k == heartbeat && len(body) == 0:
		return size, nil
	case k == credit && len(body) == 4:
		more := binary.LittleEndian.Uint32(body)
		if more > uint32(window-s.credit) {
			return 0, fmt.Errorf("%w: a credit of %d", ErrMalformed, more)
		}
		s.credit += int(more)
		s.moved.Broadcast()
		return size, nil
	case k == last, k == part && len(body) > 0:
		if s.allowance -= cost(body); s.allowance < 0 {
			return 0, ErrFlooded
		}
		if size += len(body); size > maxOnStream {
			return 0, ErrTooLarge
		}
		s.incoming = append(s.incoming, piece{append(make([]byte, 0, len(body)), body...), k == last})
		s.moved.Broadcast()
		if k == last {
			return 0, nil
		}
		return size, nil
	default:
		return 0, fmt.Errorf("%w: kind %d of %d bytes", ErrMalformed, k, len(body))
	}
}

// cost is what a piece takes from the credit.
func cost(body []byte) int { return pieceCost + len(body) }
