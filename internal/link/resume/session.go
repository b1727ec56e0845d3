package resume

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"nearend/internal/link"
)

const (
	// replayLimit is how much that was not acknowledged is kept, inboxLimit how
	// much that Receive has not taken, in bytes.
	replayLimit = 4 << 20
	inboxLimit  = 64 << 10
	// messageCost is what a message takes besides its length.
	messageCost = 64
	// ackAfter is how much arrives before it is acknowledged, in bytes.
	ackAfter = 64 << 10
	// farewell is how long Close waits for messages to leave.
	farewell = 200 * time.Millisecond
)

// ErrGrace means that no stream carried the session for the grace period.
var ErrGrace = errors.New("the connection could not be made again in time")

// session is one side of a link that outlives its streams.
type session struct {
	ticket ticket
	grace  time.Duration
	// owner is whom the endpoint has opened it for.
	owner string
	// over ends with the session.
	over   context.Context
	cancel func()

	mu    sync.Mutex
	moved *sync.Cond
	// way carries the session now; nil while it is detached.
	way link.Link
	// carriers counts the calls of carry that have not returned.
	carriers int
	// graceEnd ends the session while it is detached, which it is since
	// detachedAt, if that is set.
	graceEnd   *time.Timer
	detachedAt time.Time
	closing    bool
	ended      error

	// replay are the messages sent and not acknowledged, encoded; the first is
	// number acked+1. next counts those that went to the way.
	replay      [][]byte
	replayBytes int
	acked, next uint64

	// inbox are those received and not taken. received counts all, untold is
	// the size of those that were not acknowledged.
	inbox      [][]byte
	inboxBytes int
	received   uint64
	untold     int
}

// newSession returns a session that must be attached next.
func newSession(t ticket, grace time.Duration) *session {
	s := &session{ticket: t, grace: grace}
	s.over, s.cancel = context.WithCancel(context.Background())
	s.moved = sync.NewCond(&s.mu)
	s.graceEnd = time.AfterFunc(grace, s.graceIsOver)
	s.graceEnd.Stop()
	return s
}

// Send keeps a message until the other side has it. It blocks while too much
// is kept.
func (s *session) Send(message []byte) error {
	if len(message) > link.MaxMessage {
		return fmt.Errorf("%w: %d bytes", link.ErrTooLarge, len(message))
	}
	encoded := compose(data, message)
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.replayBytes+len(message) > replayLimit && !s.isOver() {
		s.moved.Wait()
	}
	if s.isOver() {
		return s.why()
	}
	s.replay = append(s.replay, encoded)
	s.replayBytes += len(encoded) + messageCost
	s.moved.Broadcast()
	return nil
}

func (s *session) Receive() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.inbox) == 0 && !s.isOver() {
		s.moved.Wait()
	}
	if s.closing || len(s.inbox) == 0 {
		return nil, s.why()
	}
	message := s.inbox[0]
	s.inbox[0] = nil
	s.inbox = s.inbox[1:]
	s.inboxBytes -= len(message) + messageCost
	s.moved.Broadcast()
	return message, nil
}

// Detached tells whether there is no way to the other side now.
func (s *session) Detached() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.way == nil
}

// Close gives messages that were sent a moment to leave, if there is a way,
// and tells the other side.
func (s *session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.closing = true
		if way := s.way; way != nil {
			cut := time.AfterFunc(farewell, func() { way.Close() })
			defer cut.Stop()
		}
		s.finish(link.ErrClosed)
	}
	for s.carriers > 0 {
		s.moved.Wait()
	}
	return nil
}

// end makes the session over. What has arrived is still delivered.
func (s *session) end(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(why)
}

// finish is end for who holds mu.
func (s *session) finish(why error) {
	if s.ended != nil {
		return
	}
	s.ended = why
	s.graceEnd.Stop()
	s.cancel()
	s.moved.Broadcast()
}

func (s *session) graceIsOver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.way == nil && !s.detachedAt.IsZero() && time.Since(s.detachedAt) >= s.grace {
		s.finish(fmt.Errorf("%w: %w", link.ErrLost, ErrGrace))
	}
}

// isOver tells that nothing will be sent any more. The caller holds mu.
func (s *session) isOver() bool { return s.closing || s.ended != nil }

// why is the reason. The caller holds mu.
func (s *session) why() error {
	if s.closing {
		return link.ErrClosed
	}
	return s.ended
}

// acknowledge forgets the first messages, up to one that went to the way. The
// caller holds mu.
func (s *session) acknowledge(received, limit uint64) error {
	if received < s.acked || received > limit {
		return fmt.Errorf("%w: %d messages received, but %d to %d were sent", link.ErrMalformed, received, s.acked, limit)
	}
	for ; s.acked < received; s.acked++ {
		s.replayBytes -= len(s.replay[0]) + messageCost
		s.replay[0] = nil
		s.replay = s.replay[1:]
	}
	s.moved.Broadcast()
	return nil
}

// sent counts the messages given to Send. The caller holds mu.
func (s *session) sent() uint64 { return s.acked + uint64(len(s.replay)) }
