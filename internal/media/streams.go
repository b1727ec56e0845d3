package media

import (
	"fmt"
	"slices"
)

// connect attaches a sender to a track, which may have ended: that is sent as
// silence. Engine.mu is held.
func (e *Engine) connect(s *sender, id string) error {
	var next *track
	if id != "" {
		if next = s.document.track(id); next == nil {
			return fmt.Errorf("media: send %q: %w", id, ErrNoTrack)
		}
	}
	old := s.track.Load()
	if old == next {
		return nil
	}
	if old != nil {
		old.detach(s)
	}
	s.track.Store(next)
	if next != nil {
		next.attach(s)
	}
	return nil
}

func (e *Engine) setSenderTrack(s *sender, id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	return e.connect(s, id)
}

// removeSender takes a sender out of the graph and reports whether it was in
// it.
func (e *Engine) removeSender(s *sender) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.closed {
		return false
	}
	s.closed = true
	if t := s.track.Swap(nil); t != nil {
		t.detach(s)
	}
	now := e.streams.Load()
	e.streams.Store(&streams{now.receivers, without(now.senders, s)})
	return true
}

// removeReceiver takes a receiver out of the graph. Its tracks end.
func (e *Engine) removeReceiver(r *receiver) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.closed {
		return
	}
	r.closed = true
	now := e.streams.Load()
	e.streams.Store(&streams{without(now.receivers, r), now.senders})
	for _, t := range r.list() {
		t.receiver = nil
		r.remove(t)
	}
	e.plan()
}

// addSender and addReceiver put streams into the graph; Engine.mu is held.

func (e *Engine) addSender(s *sender) {
	now := e.streams.Load()
	e.streams.Store(&streams{now.receivers, append(slices.Clone(now.senders), s)})
	wake(e.streaming)
}

func (e *Engine) addReceiver(r *receiver) {
	now := e.streams.Load()
	e.streams.Store(&streams{append(slices.Clone(now.receivers), r), now.senders})
	wake(e.streaming)
}
