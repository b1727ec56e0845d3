package miniaudio

import (
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/pcm"
)

// play lets the device ask for 5 ms every 5 ms while the engine fills the
// queue, except in the callbacks that skip names.
func play(p *playout, length time.Duration, skip func(call int) bool) {
	const values = frameValues / 2
	frame, out := make([]int16, 2*pcm.FrameSamples), make([]int16, values)
	for call := range int(length / (5 * time.Millisecond)) {
		if !skip(call) {
			for p.Write(frame) {
			}
		}
		p.callback(out)
		time.Sleep(5 * time.Millisecond)
	}
}

func TestQueueIsAsShortAsItCanBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlayout()
		never := func(int) bool { return false }
		play(p, 2*time.Second, never)
		if d := p.depth.Load(); d != 1 || p.Underruns() != 0 {
			t.Errorf("depth %d with %d underruns, want 1 and none", d, p.Underruns())
		}
		// The engine misses 15 ms now and then: one frame does not cover
		// that, two do.
		late := func(call int) bool { return call%100 >= 97 }
		play(p, 5*time.Second, late)
		if d := p.depth.Load(); d != 2 {
			t.Errorf("depth %d, want 2", d)
		}
		before := p.Underruns()
		play(p, 5*time.Second, late)
		if p.Underruns() != before {
			t.Error("underruns although the queue has grown")
		}
		play(p, time.Minute, never)
		if d := p.depth.Load(); d != 1 {
			t.Errorf("depth %d after a calm minute, want 1", d)
		}
	})
}

func TestSilenceOfTheEngineIsNoReasonToGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlayout()
		play(p, 2*time.Second, func(int) bool { return false })
		play(p, 2*time.Second, func(int) bool { return true })
		if d := p.depth.Load(); d != 2 {
			t.Errorf("depth %d, want 2: one event", d)
		}
		if u := p.Underruns(); u != 200 {
			t.Errorf("%d underruns, want 200", u)
		}
	})
}
