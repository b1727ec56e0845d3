package media

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"nearend/internal/pcm"
)

// Input is a track that goes into another one, with a linear gain.
type Input struct {
	Track string
	Gain  float64
}

// mixture makes a track of others. The first of them that is live sets its
// pace; what the others gave meanwhile is added.
type mixture struct {
	track  *track
	inlets atomic.Pointer[[]*inlet] // changes under Engine.mu

	mu    sync.Mutex // guards what follows; one frame is made at a time
	mix   pcm.Mix
	wide  [2 * pcm.FrameSamples]int16
	frame [pcm.FrameSamples]int16
}

// inlet takes the frames of one input to its mixture. It implements sink.
type inlet struct {
	*tap
	mixture *mixture
}

func (i *inlet) take(frame []int16, at time.Time) {
	i.tap.take(frame, at)
	if i.mixture.leader() == i {
		i.mixture.step(i, at)
	}
}

// leader is the inlet that sets the pace, or nil when nothing feeds the
// mixture.
func (m *mixture) leader() *inlet {
	for _, i := range *m.inlets.Load() {
		if i.track.live.Load() {
			return i
		}
	}
	return nil
}

// step makes the frame that belongs to one of the leader.
func (m *mixture) step(leader *inlet, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mix.Reset()
	for _, i := range *m.inlets.Load() {
		i.led.Store(i == leader)
		i.mix(&m.mix)
	}
	m.mix.Stereo(m.wide[:])
	pcm.Mono(m.frame[:], m.wide[:])
	m.track.feed(m.frame[:], at)
}

// arrange makes the inlets what inputs ask for; Engine.mu is held. Inputs that
// do not exist are left out, and so are mixtures, of which loops could be made.
func (m *mixture) arrange(inputs []Input) {
	old := *m.inlets.Load()
	var inlets []*inlet
	for _, input := range inputs {
		t := m.track.owner.track(input.Track)
		if t == nil || t.mixture != nil || inletOf(inlets, t) != nil {
			continue
		}
		i := inletOf(old, t)
		if i == nil {
			i = &inlet{newTap(t), m}
		}
		i.gain.Set(input.Gain)
		inlets = append(inlets, i)
	}
	m.inlets.Store(&inlets)
	for _, i := range old {
		if inletOf(inlets, i.track) == nil {
			i.track.detach(i)
		}
	}
	for _, i := range inlets {
		if inletOf(old, i.track) == nil {
			i.track.attach(i)
		}
	}
}

func inletOf(list []*inlet, t *track) *inlet {
	for _, i := range list {
		if i.track == t {
			return i
		}
	}
	return nil
}

// Mix makes a track of others, or changes what it is made of. Tracks that do
// not exist are left out, those of receivers still to come are heard when they
// do.
func (d *Document) Mix(id string, inputs []Input) error {
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	for _, input := range inputs {
		if math.IsNaN(input.Gain) || input.Gain < 0 {
			return fmt.Errorf("media: mix %q: gain %v", id, input.Gain)
		}
	}
	t := d.tracks[id]
	switch {
	case t == nil:
		t = newTrack(d, id)
		t.mixture = &mixture{track: t}
		t.mixture.inlets.Store(&[]*inlet{})
		d.tracks[id] = t
	case t.mixture == nil || t.ended:
		return fmt.Errorf("media: mix %q: %w", id, ErrTrackExists)
	}
	t.mixture.arrange(inputs)
	return nil
}
