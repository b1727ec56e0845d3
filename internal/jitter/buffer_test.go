package jitter

import (
	"testing"
	"time"

	"nearend/internal/codec"
	"nearend/internal/pcm"
)

func TestCleanNetworkIsQuickAndWhole(t *testing.T) {
	for _, payloadType := range []uint8{111, 0, 8, 9} {
		rate := map[uint8]int{111: 48000, 0: 8000, 8: 8000, 9: 16000}[payloadType]
		for _, ptime := range []time.Duration{10, 20, 40, 60, 120} {
			ptime *= time.Millisecond
			b := New(formats, 0)
			trace := talk(t, payloadType, ptime, voiced(rate, 20*rate), codec.Options{}, 0)
			play(b, trace, 3*time.Millisecond, nil)
			s := b.Stats()
			t.Logf("%d %v: target %v mean %v removed %d inserted %d concealed %d", payloadType, ptime, s.Target, meanDelay(s), s.RemovedSamplesForAcceleration, s.InsertedSamplesForDeceleration, s.ConcealedSamples)
			if s.ConcealmentEvents > 1 || s.PacketsDiscarded != 0 || s.PacketsLost != 0 {
				t.Errorf("%d %v: %+v", payloadType, ptime, s)
			}
			if int(s.PacketsReceived) != len(trace) {
				t.Errorf("received %d of %d", s.PacketsReceived, len(trace))
			}
			b.Close()
		}
	}
}

func TestJitter(t *testing.T) {
	for _, ms := range []float64{5, 15, 30, 60} {
		b := New(formats, 0)
		random := gaussian(4)
		trace := talk(t, 111, 20*time.Millisecond, voiced(48000, 60*48000), codec.Options{}, 0)
		for i := range trace {
			trace[i].arrival += time.Duration(random.Float64() * ms * float64(time.Millisecond))
		}
		play(b, trace, 3*time.Millisecond, nil)
		s := b.Stats()
		t.Logf("jitter %v: target %v mean %v removed %d inserted %d concealed %d events %d discarded %d", ms, s.Target, meanDelay(s), s.RemovedSamplesForAcceleration, s.InsertedSamplesForDeceleration, s.ConcealedSamples, s.ConcealmentEvents, s.PacketsDiscarded)
		b.Close()
	}
}

func TestLoss(t *testing.T) {
	for _, pt := range []uint8{111, 0} {
		rate := map[uint8]int{111: 48000, 0: 8000}[pt]
		for _, loss := range []float64{0.01, 0.05, 0.1, 0.2} {
			b := New(formats, 0)
			random := gaussian(4)
			trace := talk(t, pt, 20*time.Millisecond, voiced(rate, 60*rate), codec.Options{FEC: true}, loss)
			all := len(trace)
			trace = drop(trace, func(int) bool { return random.Float64() < loss })
			play(b, trace, 3*time.Millisecond, nil)
			s := b.Stats()
			t.Logf("%d loss %v (%d): target %v mean %v removed %d inserted %d concealed %d events %d lost %d discarded %d fec %d-%d", pt, loss, all-len(trace), s.Target, meanDelay(s), s.RemovedSamplesForAcceleration, s.InsertedSamplesForDeceleration, s.ConcealedSamples, s.ConcealmentEvents, s.PacketsLost, s.PacketsDiscarded, s.FECPacketsReceived, s.FECPacketsDiscarded)
			b.Close()
		}
	}
}

func TestSpike(t *testing.T) {
	b := New(formats, 0)
	trace := talk(t, 111, 20*time.Millisecond, voiced(48000, 20*48000), codec.Options{}, 0)
	for i := range trace {
		if a := trace[i].arrival; a > 10*time.Second && a < 10500*time.Millisecond {
			trace[i].arrival = 10500 * time.Millisecond
		}
	}
	var last Stats
	play(b, trace, 3*time.Millisecond, func(at time.Duration) {
		if at%(500*time.Millisecond) < 10*time.Millisecond && at > 9*time.Second && at < 15*time.Second {
			s := b.Stats()
			d := (s.JitterBufferDelay - last.JitterBufferDelay) / float64(s.JitterBufferEmittedCount-last.JitterBufferEmittedCount)
			t.Logf("%v delay %.3f target %v conc %d", at, d, s.Target, s.ConcealedSamples)
			last = s
		}
	})
	b.Close()
}

func TestNothingAllocates(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 111, 20*time.Millisecond, voiced(48000, 30*48000), codec.Options{}, 0)
	play(b, trace[:500], 0, nil)
	frame := make([]int16, pcm.FrameSamples)
	i := 500
	allocs := testing.AllocsPerRun(900, func() {
		at := start.Add(trace[i].arrival)
		if i%7 != 0 {
			b.Insert(trace[i].packet, at)
		}
		b.Pull(frame, at.Add(3*time.Millisecond))
		b.Pull(frame, at.Add(13*time.Millisecond))
		i++
	})
	if allocs != 0 {
		t.Fatalf("%v allocations", allocs)
	}
}
