package media

import (
	"fmt"
)

// OpenCapture makes a track of a microphone, which is opened unless another
// track uses it already. It fails with ErrNotFound or ErrNotReadable.
func (d *Document) OpenCapture(id string, o CaptureOptions) error {
	e := d.engine
	e.opening.Lock()
	defer e.opening.Unlock()
	e.mu.Lock()
	if err := d.free(id); err != nil {
		e.mu.Unlock()
		return err
	}
	e.mu.Unlock()
	c, err := e.openChain(o)
	if err != nil {
		return err
	}
	e.mu.Lock()
	if err := d.free(id); err != nil {
		e.mu.Unlock()
		e.giveBack(c)
		return err
	}
	t := newTrack(d, id)
	t.chain.Store(c)
	d.tracks[id] = t
	c.add(t)
	e.plan()
	e.mu.Unlock()
	return nil
}

// free reports whether a track of an id can be made; Engine.mu is held.
func (d *Document) free(id string) error {
	if d.closed {
		return ErrClosed
	}
	if d.tracks[id] != nil {
		return fmt.Errorf("media: track %q: %w", id, ErrTrackExists)
	}
	return nil
}

// microphone returns the open microphone of an id. Engine.opening is held.
func (e *Engine) microphone(id string) (*microphone, error) {
	e.mu.Lock()
	m := e.microphones[id]
	e.mu.Unlock()
	if m != nil {
		return m, nil
	}
	stream, device, err := e.openCapture(id, false)
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	m = newMicrophone(e, id, device)
	e.mu.Lock()
	e.microphones[id] = m
	e.mu.Unlock()
	go m.run(stream)
	return m, nil
}

// openChain returns the chain for options, its microphone open. Engine.opening
// is held.
func (e *Engine) openChain(o CaptureOptions) (*chain, error) {
	m, err := e.microphone(o.Device)
	if err != nil {
		return nil, err
	}
	c, err := m.chain(voiceOptions(o))
	if err != nil {
		e.mu.Lock()
		unused := e.unused(m)
		e.mu.Unlock()
		if unused {
			m.close()
		}
		return nil, fmt.Errorf("media: %w: %w", ErrNotReadable, err)
	}
	return c, nil
}

// giveBack closes what nobody uses of a chain.
func (e *Engine) giveBack(c *chain) {
	e.mu.Lock()
	c.release()
	unused := e.unused(c.microphone)
	e.mu.Unlock()
	if unused {
		c.microphone.close()
	}
}

// unused removes a microphone without tracks from the graph and reports
// whether the caller must close it; Engine.mu is held.
func (e *Engine) unused(m *microphone) bool {
	if len(m.tracks()) > 0 || e.microphones[m.id] != m {
		return false
	}
	delete(e.microphones, m.id)
	return true
}

// end ends a track and returns the microphone that must be closed, if any;
// Engine.mu is held.
func (e *Engine) end(t *track) *microphone {
	t.ended = true
	if t.mixture != nil {
		t.mixture.arrange(nil)
	}
	if r := t.receiver; r != nil {
		r.remove(t)
		t.receiver = nil
	}
	c := t.chain.Swap(nil)
	if c == nil {
		return nil
	}
	c.remove(t)
	c.release()
	if e.unused(c.microphone) {
		return c.microphone
	}
	return nil
}

// CloneTrack makes clone an independent track of the same source, enabled as
// the original is, and ended if that has ended. What is mixed has no source to
// share.
func (d *Document) CloneTrack(id, clone string) error {
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := d.free(clone); err != nil {
		return err
	}
	t := d.track(id)
	if t == nil || t.mixture != nil {
		return fmt.Errorf("media: clone of %q: %w", id, ErrNoTrack)
	}
	c := newTrack(d, clone)
	c.enabled.Store(t.enabled.Load())
	c.receiver, c.origin, c.ended = t.receiver, t.origin, t.ended
	if from := t.chain.Load(); from != nil {
		c.chain.Store(from)
		from.add(c)
	}
	if c.receiver != nil {
		c.receiver.add(c)
	}
	d.tracks[clone] = c
	return nil
}

// SetEnabled switches a track to silence and back. When it returns, no sample
// captured later passes while the track is disabled.
func (d *Document) SetEnabled(id string, on bool) error {
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	t := d.track(id)
	if t == nil {
		return fmt.Errorf("media: %q: %w", id, ErrNoTrack)
	}
	t.enabled.Store(on)
	return nil
}

// StopTrack ends a track, if it has not ended yet; its microphone closes with
// the last one. The id may not be used again.
func (d *Document) StopTrack(id string) error {
	e := d.engine
	e.mu.Lock()
	t := d.track(id)
	if t == nil {
		e.mu.Unlock()
		return fmt.Errorf("media: stop %q: %w", id, ErrNoTrack)
	}
	m := e.end(t)
	e.rearrange(d, id)
	e.mu.Unlock()
	if m != nil {
		m.close()
	}
	return nil
}

// rearrange brings players up to date with a track; Engine.mu is held.
func (e *Engine) rearrange(d *Document, id string) {
	for _, p := range d.players {
		for _, played := range p.state.Tracks {
			if played == id {
				e.arrange(p)
				break
			}
		}
	}
	e.plan()
}
