package jitter

import (
	"fmt"
	"testing"
	"time"

	"nearend/internal/codec"
	"nearend/internal/pcm"
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
		trace := talk(t, 0, packetTime, voiced(8000, 30*8000), codec.Options{}, 0)
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

func lossy(t *testing.T, payloadType uint8, loss float64, fec bool) Stats {
	rate := rateOf[payloadType]
	b := New(formats, 0)
	defer b.Close()
	random := gaussian(4)
	trace := talk(t, payloadType, packetTime, voiced(rate, 20*rate), codec.Options{FEC: fec}, loss)
	trace = drop(trace, func(i int) bool { return i > 0 && random.Float64() < loss })
	play(b, trace, 3*time.Millisecond, nil)
	s := b.Stats()
	if missing := 1000 - len(trace); s.PacketsLost < int64(missing)-2 || s.PacketsLost > int64(missing) {
		t.Errorf("%v lost: counted %d of %d", loss, s.PacketsLost, missing)
	}
	return s
}

func TestLossIsConcealed(t *testing.T) {
	for _, loss := range []float64{0.01, 0.05, 0.2} {
		s := lossy(t, 0, loss, false)
		// Exactly what was lost is concealed: no packet plays late.
		if want := uint64(s.PacketsLost) * 160; s.ConcealedSamples < want-320 || s.ConcealedSamples > want+320 {
			t.Errorf("%v lost: %d samples concealed, %d lost", loss, s.ConcealedSamples, want)
		}
		if d := meanDelay(s); d > 25*time.Millisecond {
			t.Errorf("%v lost: mean delay %v", loss, d)
		}
	}
}

func TestForwardErrorCorrectionIsUsed(t *testing.T) {
	without, with := lossy(t, 111, 0.1, false), lossy(t, 111, 0.1, true)
	if with.FECPacketsReceived == 0 || with.ConcealedSamples > without.ConcealedSamples/2 {
		t.Errorf("with %+v, without %+v", with, without)
	}
	if d := meanDelay(with); d > 45*time.Millisecond {
		t.Errorf("mean delay %v", d)
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
		const seconds = 240
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

func TestReorderedAndDuplicatePackets(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 0, packetTime, voiced(8000, 10*8000), codec.Options{}, 0)
	var all []sent
	for i, s := range trace {
		if i%5 == 3 {
			s.arrival += 30 * time.Millisecond // behind its successor
		}
		all = append(all, s)
		if i%7 == 2 {
			s.arrival += 3 * time.Millisecond
			all = append(all, s)
		}
	}
	var at Stats
	play(b, all, 3*time.Millisecond, func(now time.Duration) {
		if now == 3003*time.Millisecond {
			at = b.Stats()
		}
	})
	s := b.Stats()
	if s.ConcealedSamples != at.ConcealedSamples {
		t.Errorf("%d samples concealed though every packet came", s.ConcealedSamples-at.ConcealedSamples)
	}
	if s.PacketsLost >= 0 {
		t.Errorf("%d lost: duplicates count as received (RFC 3550, A.3)", s.PacketsLost)
	}
	if s.PacketsDiscarded > 60 {
		t.Errorf("%d discarded", s.PacketsDiscarded)
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

func TestOldAndNewSource(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	first := talk(t, 0, packetTime, voiced(8000, 2*8000), codec.Options{}, 0)
	second := talk(t, 0, packetTime, voiced(8000, 2*8000), codec.Options{}, 0)
	for i := range second {
		second[i].packet.SSRC = 78
		second[i].packet.Timestamp += 123456
		second[i].packet.SequenceNumber += 999
		second[i].arrival += 2 * time.Second
	}
	play(b, append(first, second...), 3*time.Millisecond, nil)
	s := b.Stats()
	if s.SSRC != 78 || s.PacketsLost != 0 || s.PacketsReceived != 199 {
		t.Errorf("%+v", s)
	}
	if s.ConcealedSamples > 8000/10 {
		t.Errorf("%d samples concealed at the change", s.ConcealedSamples)
	}
}

// TestCodecChanges goes through codecs of the same RTP clock and of another.
func TestCodecChanges(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	var all []sent
	seq, stamp := uint16(0), uint32(0)
	for turn, payloadType := range []uint8{0, 8, 9, 111, 0} {
		rate := rateOf[payloadType]
		part := talk(t, payloadType, packetTime, voiced(rate, 2*rate), codec.Options{}, 0)
		base := part[0].packet.Timestamp
		for _, s := range part {
			s.packet.SequenceNumber = seq
			s.packet.Timestamp += stamp - base
			s.arrival += time.Duration(turn) * 2 * time.Second
			seq++
			all = append(all, s)
		}
		stamp = part[len(part)-1].packet.Timestamp + 160
	}
	var quiet int
	out := play(b, all, 3*time.Millisecond, nil)
	for i := 48000 / 5; i+480 <= len(out); i += 480 {
		if pcm.Power(out[i:i+480]) < 1e-5 {
			quiet++
		}
	}
	if s := b.Stats(); quiet > 12 || s.PacketsLost != 0 || s.PayloadType != 0 {
		t.Errorf("%d silent frames, %+v", quiet, s)
	}
}

func TestSeparatePauses(t *testing.T) {
	speech := voiced(48000, 2*48000)
	in := append(append(append([]int16(nil), speech...), make([]int16, 4*48000)...), speech...)
	all := talk(t, 111, packetTime, in, codec.Options{DTX: true}, 0)
	var trace []sent
	seq := uint16(0)
	for _, s := range all { // what DTX does not send takes no sequence number
		if len(s.packet.Payload) > 0 {
			s.packet.SequenceNumber = seq
			seq++
			trace = append(trace, s)
		}
	}
	if len(trace) > 300 {
		t.Fatalf("%d packets of 400 sent", len(trace))
	}
	b := New(formats, 0)
	defer b.Close()
	play(b, trace, 3*time.Millisecond, nil)
	s := b.Stats()
	if s.PacketsLost != 0 || s.PacketsDiscarded != 0 || meanDelay(s) > 40*time.Millisecond {
		t.Errorf("%v, %+v", meanDelay(s), s)
	}
}

func TestComfortNoise(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 0, packetTime, voiced(8000, 4*8000), codec.Options{}, 0)
	noise := *trace[50].packet
	noise.PayloadType = 13
	noise.Payload = []byte{50, 127 + 40, 127 - 20}
	pause := append(append([]sent(nil), trace[:50]...), sent{&noise, trace[50].arrival})
	for _, s := range trace[150:] {
		s.packet.SequenceNumber -= 99
		pause = append(pause, s)
	}
	out := play(b, pause, 3*time.Millisecond, nil)
	s := b.Stats()
	if s.ConcealedSamples > 0 || s.PacketsLost != 0 || s.PacketsDiscarded != 0 {
		t.Errorf("%+v", s)
	}
	if level := pcm.Decibels(pcm.Power(out[48000*3/2 : 48000*5/2])); level < 48 || level > 52 {
		t.Errorf("noise of -%d dBov, want -50", level)
	}
}

func TestRedundancyReplacesLostPackets(t *testing.T) {
	b := New(formats, 0)
	defer b.Close()
	trace := talk(t, 111, packetTime, voiced(48000, 10*48000), codec.Options{}, 0)
	previous := []byte(nil)
	for _, s := range trace {
		own := s.packet.Payload
		s.packet.PayloadType = 63
		if previous == nil {
			s.packet.Payload = append([]byte{111}, own...)
		} else {
			header := []byte{0x80 | 111, 960 >> 6, byte(960&63<<2 | len(previous)>>8), byte(len(previous)), 111}
			s.packet.Payload = append(append(header, previous...), own...)
		}
		previous = own
	}
	trace = drop(trace, func(i int) bool { return i%10 == 9 })
	play(b, trace, 3*time.Millisecond, nil)
	s := b.Stats()
	// The buffer learns of the losses first.
	if s.ConcealedSamples > 10*960 || s.FECPacketsReceived == 0 || s.PacketsLost < 48 {
		t.Errorf("%+v", s)
	}
}

func TestNothingAllocates(t *testing.T) {
	for payloadType, rate := range rateOf {
		b := New(formats, 0)
		trace := talk(t, payloadType, packetTime, voiced(rate, 10*rate), codec.Options{}, 0)
		play(b, trace[:200], 0, nil)
		frame := make([]int16, pcm.FrameSamples)
		i := 200
		allocations := testing.AllocsPerRun(250, func() {
			at := start.Add(trace[i].arrival)
			if i%7 != 0 {
				b.Insert(trace[i].packet, at)
			}
			b.Pull(frame, at.Add(3*time.Millisecond))
			b.Pull(frame, at.Add(13*time.Millisecond))
			i++
		})
		if allocations != 0 {
			t.Errorf("%d: %v allocations", payloadType, allocations)
		}
		b.Close()
	}
}
