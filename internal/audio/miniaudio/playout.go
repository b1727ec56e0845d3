package miniaudio

import (
	"sync/atomic"
	"time"

	"nearend/internal/pcm"
)

// The queue between the engine and the device. It is as short as the machine
// allows: each time it runs empty it grows by a frame, and each time it has
// not for a while it shrinks by one. That while is longer each time, so that a
// machine that needs the frame gives no click every minute for it.
const (
	leastDepth = 1
	mostDepth  = 6
	firstCalm  = 20 * time.Second
	settling   = time.Second
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

	// The callback's own: whether the last one found all it wanted, when the
	// first such one was, when depth last changed, and how long without an
	// underrun lets it shrink.
	flowing bool
	began   int64
	changed int64
	calm    time.Duration
}

func newPlayout() *playout {
	p := &playout{stream: newStream(), ring: pcm.NewRing(mostDepth * frameValues)}
	p.depth.Store(leastDepth)
	p.calm = firstCalm
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
		p.flow()
	}
	if p.room() {
		wake(p.ready)
	}
}

// flow notes that nothing was missing.
func (p *playout) flow() {
	p.flowing = true
	if p.began == 0 {
		p.began = now()
	}
	if p.depth.Load() > leastDepth && now()-p.changed > int64(p.calm) {
		p.resize(-1)
	}
}

// starve notes that values were missing. Only the first time after sound is
// the queue's fault, later the engine has nothing to say; and a device that is
// finding its beat asks for more than it will.
func (p *playout) starve(values int) {
	if !p.written.Load() {
		return
	}
	p.missing.Add(uint64(values))
	if p.flowing && now()-p.began > int64(settling) && p.depth.Load() < mostDepth {
		p.resize(+1)
		p.calm *= 2
	}
	p.flowing = false
}

func (p *playout) resize(by int64) {
	p.depth.Add(by)
	p.changed = now()
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
