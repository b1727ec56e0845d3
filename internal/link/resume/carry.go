package resume

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"nearend/internal/link"
)

// attach makes a way the one that carries the session, in place of another if
// there is one. received is what the other side has. It returns what this
// side has received, beyond which everything comes over that way. The caller
// must call carry next.
func (s *session) attach(way link.Link, received uint64) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isOver() {
		return 0, s.why()
	}
	if err := s.acknowledge(received, s.sent()); err != nil {
		return 0, err
	}
	if old := s.way; old != nil {
		// The carry of the old way waits for this.
		go old.Close()
	}
	s.graceEnd.Stop()
	s.way = way
	s.carriers++
	s.next = received
	s.untold = 0
	s.moved.Broadcast()
	return s.received, nil
}

// carry sends a greeting, if there is one, then exchanges messages over a way
// that was attached, until it ends or another takes its place. It closes it.
func (s *session) carry(way link.Link, greeting []byte) error {
	var transmitting sync.WaitGroup
	transmitting.Go(func() { s.transmit(way, greeting) })
	err := s.deliver(way)
	s.detach(way, err)
	way.Close()
	transmitting.Wait()
	s.mu.Lock()
	s.carriers--
	s.moved.Broadcast()
	s.mu.Unlock()
	return err
}

// detach takes away a way that has ended.
func (s *session) detach(way link.Link, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.way != way {
		return
	}
	s.way = nil
	if isFinal(why) {
		s.finish(why)
	} else if s.ended == nil {
		s.detachedAt = time.Now()
		s.graceEnd.Reset(s.grace)
	}
	s.moved.Broadcast()
}

// isFinal tells whether another stream would end the same.
func isFinal(err error) bool {
	for _, final := range []error{link.ErrStalled, link.ErrVersion, link.ErrForeign, link.ErrRejected, ErrUnknown, ErrTooMany, ErrRefused, ErrGone} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// transmit sends over a way until it ends or is no longer the session's.
func (s *session) transmit(way link.Link, greeting []byte) {
	message, ok := greeting, true
	if message == nil {
		message, ok = s.nextFor(way)
	}
	for ok && way.Send(message) == nil {
		message, ok = s.nextFor(way)
	}
	// Whatever it was, deliver finds the way closed.
	way.Close()
}

// nextFor waits for a message that is due on a way: an acknowledgement, what
// Send has left, and in the end bye. It returns false when there will be none.
func (s *session) nextFor(way link.Link) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.way != way:
			return nil, false
		case s.untold >= ackAfter:
			s.untold = 0
			return compose(ack, number(s.received)), true
		case s.next < s.sent() && (s.ended == nil || s.closing):
			message := s.replay[s.next-s.acked]
			s.next++
			return message, true
		case s.closing:
			// The way is no longer needed: after bye there is nothing to send.
			s.way = nil
			return compose(bye), true
		case s.ended != nil:
			return nil, false
		}
		s.moved.Wait()
	}
}

// deliver takes what comes over a way until it ends.
func (s *session) deliver(way link.Link) error {
	for {
		message, err := way.Receive()
		if err != nil {
			return err
		}
		k, body, err := parse(message)
		if err != nil {
			return err
		}
		switch k {
		case data:
			if !s.put(way, body) {
				return link.ErrClosed
			}
		case ack:
			s.mu.Lock()
			if s.way == way {
				err = s.acknowledge(binary.BigEndian.Uint64(body), s.next)
			}
			s.mu.Unlock()
			if err != nil {
				return err
			}
		case bye:
			s.mu.Lock()
			if s.way == way {
				s.finish(link.ErrLost)
			}
			s.mu.Unlock()
			return link.ErrLost
		default:
			return fmt.Errorf("%w: kind %d within a session", link.ErrMalformed, k)
		}
	}
}

// put receives a message, waiting for room, or drops it when the session is
// over. It returns false, and the message was not received, when the way is no
// longer the session's.
func (s *session) put(way link.Link, message []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.way == way && !s.isOver() && s.inboxBytes > inboxLimit {
		s.moved.Wait()
	}
	if s.way != way || s.isOver() {
		return s.way == way
	}
	s.inbox = append(s.inbox, message)
	s.inboxBytes += len(message) + messageCost
	s.received++
	s.untold += len(message) + messageCost
	s.moved.Broadcast()
	return true
}
