package jitter

import (
	"testing"
	"time"

	"nearend/internal/codec"
	"nearend/internal/pcm"
)

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
