package media

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// Engine connects the sound system to RTP streams, for all documents of an
// endpoint. Methods are safe for concurrent use.
type Engine struct {
	system audio.System
	log    zerolog.Logger
	stop   chan struct{}
	wait   sync.WaitGroup
	// streaming has a value when there may be streams again.
	streaming chan struct{}

	opening sync.Mutex // one capture device opens at a time; taken before mu

	mu          sync.Mutex // see the package comment
	closed      bool
	documents   map[*Document]struct{}
	microphones map[string]*microphone
	outputs     map[string]*output
	streams     atomic.Pointer[streams] // changes under mu, read without
	watchers    []func([]audio.Device)
	devices     []audio.Device
}

// NewEngine starts an engine on system, which the caller closes after it.
func NewEngine(system audio.System, log zerolog.Logger) *Engine {
	e := &Engine{
		system: system, log: log, stop: make(chan struct{}), streaming: make(chan struct{}, 1),
		documents: map[*Document]struct{}{}, microphones: map[string]*microphone{}, outputs: map[string]*output{},
	}
	e.streams.Store(&streams{})
	e.wait.Go(e.clock)
	e.wait.Go(e.poll)
	return e
}

// Close closes all documents and waits for everything that the engine started.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	var documents []*Document
	for d := range e.documents {
		documents = append(documents, d)
	}
	e.mu.Unlock()
	for _, d := range documents {
		d.Close()
	}
	close(e.stop)
	e.wait.Wait()
	e.mu.Lock()
	outputs := e.outputs
	e.outputs = map[string]*output{}
	e.mu.Unlock()
	for _, o := range outputs {
		o.close()
	}
	return nil
}

// clock runs everything that no device runs: receivers that nobody plays, and
// senders that no microphone feeds.
func (e *Engine) clock() {
	ticker := time.NewTicker(pcm.FrameDuration)
	defer ticker.Stop()
	next := time.Now()
	for {
		if e.streams.Load().none() { // no need to wake up
			select {
			case <-e.stop:
				return
			case <-e.streaming:
			}
			next = time.Now()
		}
		select {
		case <-e.stop:
			return
		case <-ticker.C:
		}
		now := time.Now()
		if now.Sub(next) > time.Second {
			next = now // the machine slept
		}
		for ; !next.After(now); next = next.Add(pcm.FrameDuration) {
			e.tick(next)
		}
	}
}

func (e *Engine) tick(now time.Time) {
	running := e.streams.Load()
	for _, r := range running.receivers {
		r.drain(now)
	}
	for _, s := range running.senders {
		s.tick(now)
	}
}

// streams are all that run. A value is never changed, only replaced.
type streams struct {
	receivers []*receiver
	senders   []*sender
}

func (s *streams) none() bool { return len(s.receivers) == 0 && len(s.senders) == 0 }

// without returns a copy of list that lacks one element.
func without[T comparable](list []T, gone T) []T {
	var rest []T
	for _, v := range list {
		if v != gone {
			rest = append(rest, v)
		}
	}
	return rest
}
