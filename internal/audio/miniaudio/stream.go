package miniaudio

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"nearend/internal/audio"
)

// How a stream watches its device.
const (
	// beat is how often it looks.
	beat = 200 * time.Millisecond
	// silence is how long the device may not call back before it is suspected.
	silence = 400 * time.Millisecond
	// stall is how long a device that is still listed may not call back; virtual
	// devices take up to two seconds to begin.
	stall = 3 * time.Second
	// patience is how long the sound server may be away.
	patience = 5 * time.Second
)

// stream is what captures and playouts share: a device and the goroutine that
// watches it and opens it anew where that helps.
type stream struct {
	system *System
	kind   audio.Kind
	id     string
	move   callback

	// device is the watching goroutine's once start returned.
	device *device
	// called is the time of the last callback.
	called  atomic.Int64
	stopped chan struct{}
	ready   chan struct{}
	lost    chan struct{}

	closing   chan struct{}
	done      chan struct{}
	closeOnce sync.Once
}

func newStream() stream {
	return stream{
		stopped: make(chan struct{}, 1),
		ready:   make(chan struct{}, 1),
		lost:    make(chan struct{}),
		closing: make(chan struct{}),
		done:    make(chan struct{}),
	}
}

// start opens the device and begins to watch it.
func (s *stream) start(system *System, kind audio.Kind, id string, move callback) error {
	s.system, s.kind, s.id, s.move = system, kind, id, move
	if err := s.open(); err != nil {
		return err
	}
	go s.watch()
	return nil
}

func (s *stream) open() error {
	s.called.Store(now())
	d, err := s.system.open(s.kind, s.id, func(samples []int16) {
		s.called.Store(now())
		s.move(samples)
	}, func() { wake(s.stopped) })
	if err != nil {
		return err
	}
	// What an earlier device said while being closed is of no interest.
	select {
	case <-s.stopped:
	default:
	}
	s.device = d
	return nil
}

// shut closes the device if there is one.
func (s *stream) shut() {
	if s.device != nil {
		s.system.close(s.device)
		s.device = nil
	}
}

// watch is the stream's goroutine.
func (s *stream) watch() {
	defer close(s.done)
	defer s.shut()
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	var trouble time.Time
	for {
		stopped := false
		select {
		case <-s.closing:
			return
		case <-s.stopped:
			stopped = true
		case <-ticker.C:
		}
		quiet := time.Duration(now() - s.called.Load())
		switch {
		case s.device == nil || stopped || quiet > silence:
			if trouble.IsZero() {
				trouble = time.Now()
			}
			if !s.recover(stopped || quiet > stall, time.Since(trouble)) {
				s.system.log.Info().Str("device", s.id).Msg("device lost")
				close(s.lost)
				return
			}
		default:
			trouble = time.Time{}
		}
	}
}

// recover deals with a device that is silent, has stopped (certain) or could
// not be opened since trouble began. It reports whether there is hope.
func (s *stream) recover(certain bool, trouble time.Duration) bool {
	s.system.mu.Lock()
	e, err := s.system.find(s.kind, s.id)
	connection := s.system.connection
	s.system.mu.Unlock()
	switch {
	case errors.Is(err, errNoBackend):
		// The sound server may come back with the same devices.
		s.shut()
		return trouble < patience
	case errors.Is(err, audio.ErrNoDevice):
		// After a restart of the sound server its devices come one by one.
		return s.device == nil && trouble < patience
	case err != nil:
		return false
	case s.device != nil && !certain && s.device.id == e.ID && s.device.connection == connection:
		return true
	}
	s.shut()
	if err := s.open(); err != nil {
		s.system.log.Debug().Err(err).Msg("device does not open")
	}
	return trouble < patience
}

// Ready is part of audio.Capture and audio.Playout.
func (s *stream) Ready() <-chan struct{} { return s.ready }

// Lost is part of audio.Capture and audio.Playout.
func (s *stream) Lost() <-chan struct{} { return s.lost }

// Close is part of audio.Capture and audio.Playout.
func (s *stream) Close() error {
	s.closeOnce.Do(func() { close(s.closing) })
	<-s.done
	return nil
}

// wake puts a value into a channel of one place unless there is one.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

var epoch = time.Now()

// now is a monotonic clock in nanoseconds.
func now() int64 { return int64(time.Since(epoch)) }
