package miniaudio

import (
	"sync/atomic"

	"nearend/internal/pcm"
)

// captureFrames bounds what waits for a reader; later samples are dropped.
const captureFrames = 16

// capture implements audio.Capture.
type capture struct {
	stream
	ring *pcm.Ring
	// dropped counts samples.
	dropped atomic.Uint64
}

func newCapture() *capture {
	return &capture{stream: newStream(), ring: pcm.NewRing(captureFrames * pcm.FrameSamples)}
}

func (c *capture) callback(samples []int16) {
	if n := c.ring.Write(samples); n < len(samples) {
		c.dropped.Add(uint64(len(samples) - n))
	}
	if c.ring.Len() >= pcm.FrameSamples {
		wake(c.ready)
	}
}

// Read implements audio.Capture.
func (c *capture) Read(frame []int16) bool {
	if len(frame) < pcm.FrameSamples || c.ring.Len() < pcm.FrameSamples {
		return false
	}
	c.ring.Read(frame[:pcm.FrameSamples])
	if c.ring.Len() >= pcm.FrameSamples {
		wake(c.ready)
	}
	return true
}

// Overruns implements audio.Capture.
func (c *capture) Overruns() uint64 {
	return (c.dropped.Load() + pcm.FrameSamples - 1) / pcm.FrameSamples
}
