package media

import (
	"sync/atomic"
	"time"

	"nearend/internal/pcm"
)

// A tap keeps at most tapFull samples for an output whose clock is not the
// feeder's; from there it goes back to tapRest.
const (
	tapFull = 5 * pcm.FrameSamples
	tapRest = 2 * pcm.FrameSamples
)

// tap carries a track's frames to an output, through a player's gain. The
// feeder writes, the output reads.
type tap struct {
	track *track
	gain  pcm.Gain
	ring  *pcm.Ring
	frame [pcm.FrameSamples]int16
	// led says that the output itself makes the track's feeder run, so that
	// one frame is all that ever need wait.
	led atomic.Bool
	// gone is set when the player leaves; the tap goes when it has faded out.
	gone atomic.Bool
	// faded is set by the output then.
	faded atomic.Bool
}

func newTap(t *track) *tap {
	return &tap{track: t, ring: pcm.NewRing(8 * pcm.FrameSamples)}
}

// take implements sink.
func (t *tap) take(frame []int16, _ time.Time) { t.ring.Write(frame) }

// mix adds the next frame, if there is one, and reports whether the tap has
// just faded out for good.
func (t *tap) mix(m *pcm.Mix) (left bool) {
	full, rest := tapFull, tapRest
	if t.led.Load() {
		full, rest = pcm.FrameSamples, pcm.FrameSamples
	}
	if n := t.ring.Len(); n > full {
		t.ring.Discard(n - rest)
	}
	if t.ring.Len() >= pcm.FrameSamples {
		t.ring.Read(t.frame[:])
		m.Add(t.frame[:], &t.gain)
	} else {
		m.Add(silence[:], &t.gain)
	}
	if t.gone.Load() && !t.faded.Load() && t.gain.Settled() {
		t.faded.Store(true)
		return true
	}
	return false
}
