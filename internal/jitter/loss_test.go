package jitter

import (
	"testing"
	"time"

	"nearend/internal/codec"
)

func lossy(t *testing.T, payloadType uint8, loss float64, fec bool) Stats {
	rate := rateOf[payloadType]
	b := New(formats, 0)
	defer b.Close()
	random := gaussian(4)
	trace := talk(t, payloadType, packetTime, voiced(rate, 10*rate), codec.Options{FEC: fec}, loss)
	trace = drop(trace, func(i int) bool { return i > 0 && random.Float64() < loss })
	play(b, trace, 3*time.Millisecond, nil)
	s := b.Stats()
	if missing := 500 - len(trace); s.PacketsLost < int64(missing)-2 || s.PacketsLost > int64(missing) {
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
