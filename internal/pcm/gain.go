package pcm

import (
	"math"
	"sync/atomic"
)

// Gain is a linear gain that moves to a new value over one frame, so that a
// change does not click. The zero value is silence. Set may be called from any
// goroutine; everything else belongs to the one that mixes.
type Gain struct {
	target  atomic.Uint32 // bits of a float32
	current float32
}

// Set asks for a gain, 0 or more.
func (g *Gain) Set(v float64) { g.target.Store(math.Float32bits(float32(v))) }

// Settled reports whether the gain is silent and will stay so.
func (g *Gain) Settled() bool { return g.current == 0 && g.target.Load() == 0 }

// ramp moves to the target and returns the gain before the frame's first
// sample, the step for each sample, and whether the whole frame is silent.
func (g *Gain) ramp() (from, step float32, silent bool) {
	target := math.Float32frombits(g.target.Load())
	from = g.current
	g.current = target
	return from, (target - from) / FrameSamples, from == 0 && target == 0
}

// Apply scales a frame in place.
func (g *Gain) Apply(frame []int16) {
	from, step, silent := g.ramp()
	if silent {
		clear(frame)
		return
	}
	if step == 0 && from == 1 {
		return
	}
	for i, v := range frame {
		from += step
		frame[i] = int16(float32(v) * from)
	}
}
