package jitter

import (
	"fmt"
	"testing"
	"time"

	"nearend/internal/codec"
)

const packetTime = 20 * time.Millisecond

var rateOf = map[uint8]int{111: 48000, 0: 8000, 8: 8000, 9: 16000}

func TestCleanNetworkIsQuickAndWhole(t *testing.T) {
	for payloadType, rate := range rateOf {
		for _, ptime := range []time.Duration{10, 20, 60, 120} {
			t.Run(fmt.Sprint(payloadType, "/", ptime), func(t *testing.T) {
				b := New(formats, 0)
				defer b.Close()
				trace := talk(t, payloadType, ptime*time.Millisecond, voiced(rate, 5*rate), codec.Options{}, 0)
				play(b, trace, 3*time.Millisecond, nil)
				s := b.Stats()
				if s.ConcealedSamples != 0 || s.PacketsDiscarded != 0 || s.PacketsLost != 0 {
					t.Errorf("%+v", s)
				}
				if int(s.PacketsReceived) != len(trace)-1 {
					t.Errorf("received %d of %d", s.PacketsReceived, len(trace)-1)
				}
				if d := meanDelay(s); d > 32*time.Millisecond {
					t.Errorf("mean delay %v", d)
				}
			})
		}
	}
}

func TestJitterIsBridged(t *testing.T) {
	for _, ms := range []float64{5, 15, 30, 60} {
		b := New(formats, 0)
		random := gaussian(4)
		trace := talk(t, 0, packetTime, voiced(8000, 15*8000), codec.Options{}, 0)
		for i := range trace {
			trace[i].arrival += time.Duration(random.Float64() * ms * float64(time.Millisecond))
		}
		play(b, trace, 3*time.Millisecond, nil)
		s := b.Stats()
		if ratio := float64(s.ConcealedSamples) / float64(s.TotalSamplesReceived); ratio > 0.02 {
			t.Errorf("jitter %v ms: concealed %.3f", ms, ratio)
		}
		if d := meanDelay(s); d > time.Duration(ms*0.7+20)*time.Millisecond {
			t.Errorf("jitter %v ms: mean delay %v", ms, d)
		}
		b.Close()
	}
}

// TestSpikeIsRecovered holds all packets up for half a second; two seconds
// later the delay must be what it was.
func TestSpikeIsRecovered(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 111, packetTime, voiced(48000, 8*48000), codec.Options{}, 0)
	for i := range trace {
		if a := trace[i].arrival; a > 4*time.Second && a < 4500*time.Millisecond {
			trace[i].arrival = 4500 * time.Millisecond
		}
	}
	var at Stats
	play(b, trace, 3*time.Millisecond, func(now time.Duration) {
		if now == 6503*time.Millisecond {
			at = b.Stats()
		}
	})
	s := b.Stats()
	delay := (s.JitterBufferDelay - at.JitterBufferDelay) / float64(s.JitterBufferEmittedCount-at.JitterBufferEmittedCount)
	if delay > 0.03 {
		t.Errorf("delay %.3f s after the spike", delay)
	}
	if s.PacketsDiscarded != 0 || s.RemovedSamplesForAcceleration < 48000/4 || s.ConcealmentEvents != 1 {
		t.Errorf("%+v", s)
	}
}

// TestDelayStep raises the network's delay for good: after the base has
// followed, the jitter buffer adds no more than before.
func TestDelayStep(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 0, packetTime, voiced(8000, 15*8000), codec.Options{}, 0)
	for i := range trace {
		if trace[i].arrival > 4*time.Second {
			trace[i].arrival += 200 * time.Millisecond
		}
	}
	var at Stats
	play(b, trace, 3*time.Millisecond, func(now time.Duration) {
		if now == 10003*time.Millisecond {
			at = b.Stats()
		}
	})
	s := b.Stats()
	if delay := (s.JitterBufferDelay - at.JitterBufferDelay) / float64(s.JitterBufferEmittedCount-at.JitterBufferEmittedCount); delay > 0.03 {
		t.Errorf("delay %.3f s after the step", delay)
	}
}

func TestClockDriftIsAbsorbed(t *testing.T) {
	for _, ppm := range []float64{-200, 200} {
		b := New(formats, 0)
		const seconds = 120
		trace := talk(t, 8, packetTime, voiced(8000, seconds*8000), codec.Options{}, 0)
		for i := range trace {
			trace[i].arrival += time.Duration(float64(trace[i].arrival) * ppm / 1e6)
		}
		play(b, trace, 3*time.Millisecond, nil)
		s := b.Stats()
		if s.ConcealedSamples > 3*160 || s.PacketsDiscarded != 0 || meanDelay(s) > 26*time.Millisecond {
			t.Errorf("%v ppm: mean delay %v, %+v", ppm, meanDelay(s), s)
		}
		moved := float64(s.InsertedSamplesForDeceleration) - float64(s.RemovedSamplesForAcceleration)
		if want := seconds * 8000 * ppm / 1e6; moved < want-300 || moved > want+300 {
			t.Errorf("%v ppm: %v samples of stretching, want about %v", ppm, moved, want)
		}
		b.Close()
	}
}

func TestTargetIsObeyed(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	b.SetTarget(200 * time.Millisecond)
	trace := talk(t, 0, packetTime, voiced(8000, 10*8000), codec.Options{}, 0)
	play(b, trace[:250], 3*time.Millisecond, nil)
	if d := meanDelay(b.Stats()); d < 190*time.Millisecond || d > 225*time.Millisecond {
		t.Errorf("mean delay %v, want about 200 ms", d)
	}
	s := b.Stats()
	if auto := s.JitterBufferMinimumDelay / float64(s.JitterBufferEmittedCount); auto > 0.03 {
		t.Errorf("minimum delay %v", auto)
	}
}

// TestNoiseIsNotKeptWaiting: where no two periods are alike, the delay of the
// start must still go.
func TestNoiseIsNotKeptWaiting(t *testing.T) {
	random := gaussian(8)
	in := make([]int16, 30*8000)
	for i := range in {
		in[i] = int16(3000 * random.NormFloat64())
	}
	b := New(formats, 0)
	defer b.Close()
	var at Stats
	play(b, talk(t, 0, packetTime, in, codec.Options{}, 0), 3*time.Millisecond, func(now time.Duration) {
		if now == 20003*time.Millisecond {
			at = b.Stats()
		}
	})
	s := b.Stats()
	if delay := (s.JitterBufferDelay - at.JitterBufferDelay) / float64(s.JitterBufferEmittedCount-at.JitterBufferEmittedCount); delay > 0.022 {
		t.Errorf("delay %.3f s", delay)
	}
}
