package media

import (
	"sync"
	"time"

	"nearend/internal/pcm"
	"nearend/internal/voice"
)

// chain is one way of processing a microphone, and the tracks that asked for
// it.
type chain struct {
	feeds
	microphone *microphone
	options    voice.Options // guarded by Engine.mu
	processor  *voice.Processor
	frame      [pcm.FrameSamples]int16

	// rendering is contended only while the reference moves from one output
	// to another.
	rendering sync.Mutex
}

func voiceOptions(o CaptureOptions) voice.Options {
	return voice.Options{
		EchoCancellation: o.EchoCancellation,
		NoiseSuppression: o.NoiseSuppression,
		AutoGainControl:  o.AutoGainControl,
	}
}

// capture processes a frame of the microphone and feeds the tracks.
func (c *chain) capture(frame []int16, at time.Time) {
	copy(c.frame[:], frame)
	c.processor.Capture(c.frame[:])
	c.feed(c.frame[:], at)
}

// render tells the echo canceller what is being played.
func (c *chain) render(frame []int16) {
	c.rendering.Lock()
	defer c.rendering.Unlock()
	c.processor.Render(frame)
}

// chain returns the chain for options, made if need be. Engine.opening is
// held. A chain without tracks is given back with release.
func (m *microphone) chain(o voice.Options) (*chain, error) {
	e := m.engine
	e.mu.Lock()
	for _, c := range m.all() {
		if c.options == o {
			e.mu.Unlock()
			return c, nil
		}
	}
	e.mu.Unlock()
	processor, err := voice.New(o)
	if err != nil {
		return nil, err
	}
	c := &chain{microphone: m, options: o, processor: processor}
	e.mu.Lock()
	defer e.mu.Unlock()
	chains := append(m.all(), c)
	m.chains.Store(&chains)
	return c, nil
}

// all returns a copy of the list of chains.
func (m *microphone) all() []*chain {
	return append([]*chain(nil), *m.chains.Load()...)
}

// tracks lists the tracks of all chains.
func (m *microphone) tracks() []*track {
	var list []*track
	for _, c := range *m.chains.Load() {
		list = append(list, c.list()...)
	}
	return list
}

// release drops a chain without tracks; Engine.mu is held.
func (c *chain) release() {
	if len(c.list()) > 0 {
		return
	}
	chains := without(*c.microphone.chains.Load(), c)
	c.microphone.chains.Store(&chains)
	// With everything off this frees memory and cannot fail.
	_ = c.processor.Close()
}
