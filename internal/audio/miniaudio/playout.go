package miniaudio

import (
	"sync/atomic"
	"time"

	"nearend/internal/pcm"
)

// The queue between the engine and the device. It is as short as the machine
// allows: each time it runs empty it grows by a frame, and each time it has
// not for a while it shrinks by one.
const (
	leastDepth = 1
	mostDepth  = 6
	calm       = 20 * time.Second
	// frameValues is the number of values of a stereo frame.
	frameValues = playoutChannels * pcm.FrameSamples
)

// playout implements audio.Playout.
type playout struct {
	stream
	ring *pcm.Ring
	// depth is how many frames may be queued; the callback alone changes it.
	depth atomic.Int64
	// missing counts values of silence; written is set by the first Write.
	missing atomic.Uint64
	written atomic.Bool
	// asked is the size of the last callback in values.
	asked atomic.Int64

	// The callback's own.
	flowing bool
	grown   int64
}

func newPlayout() *playout {
	p := &playout{stream: newStream(), ring: pcm.NewRing(mostDepth * frameValues)}
	p.depth.Store(leastDepth)
	wake(p.ready)
	return p
}

func (p *playout) callback(samples []int16) {
	p.asked.Store(int64(len(samples)))
	n := p.ring.Read(samples)
	clear(samples[n:])
	if n < len(samples) {
		p.starve(len(samples) - n)
	} else {
		p.flowing = true
		if depth := p.depth.Load(); depth > leastDepth && now()-p.grown > int64(calm) {
			p.depth.Store(depth - 1)
			p.grown = now()
		}
	}
	if p.room() {
		wake(p.ready)
	}
}

// starve notes that values were missing. Only the first time after sound is
// the queue's fault; later the engine has nothing to say.
func (p *playout) starve(values int) {
	if !p.written.Load() {
		return
	}
	p.missing.Add(uint64(values))
	if p.flowing {
		p.flowing = false
		p.grown = now()
		if depth := p.depth.Load(); depth < mostDepth {
			p.depth.Store(depth + 1)
		}
	}
}

// room reports whether a frame may be queued.
func (p *playout) room() bool {
	return int64(p.ring.Len()+frameValues) <= p.depth.Load()*frameValues
}

// Write implements audio.Playout.
func (p *playout) Write(frame []int16) bool {
	if len(frame) < frameValues || !p.room() {
		return false
	}
	p.ring.Write(frame[:frameValues])
	p.written.Store(true)
	if p.room() {
		wake(p.ready)
	}
	return true
}

// Underruns implements audio.Playout.
func (p *playout) Underruns() uint64 {
	return (p.missing.Load() + frameValues - 1) / frameValues
}

// Delay implements audio.Playout: what is queued here, and the period that
// the device holds.
func (p *playout) Delay() time.Duration {
	values := int64(p.ring.Len()) + max(p.asked.Load(), frameValues)
	return time.Duration(values) * pcm.FrameDuration / frameValues
}
