package jitter

import (
	"testing"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/codec"
	"nearend/internal/pcm"
)

// FuzzInsert feeds arbitrary packets and checks that the buffer survives, never
// plays more than it was asked for and keeps its counters in order.
func FuzzInsert(f *testing.F) {
	f.Add([]byte{0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x78, 1, 2, 3}, []byte{0x80, 0, 0, 2, 0, 0, 3, 0, 0, 0, 0, 1, 9, 9})
	f.Add([]byte{0x80, 63, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xef, 15, 0, 2, 111, 1, 2, 3}, []byte{0x90, 13, 0, 2, 0, 0, 3, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0x10, 5, 0, 0, 40, 9})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		b := New(formats, 1)
		defer b.Close()
		frame := make([]int16, pcm.FrameSamples)
		now := start
		for i, data := range [][]byte{first, second, first, second} {
			var p rtp.Packet
			if p.Unmarshal(data) != nil {
				continue
			}
			p.SequenceNumber += uint16(i)
			b.Insert(&p, now)
			for range 6 {
				now = now.Add(pcm.FrameDuration)
				b.Pull(frame, now)
			}
		}
		s := b.Stats()
		if s.SilentConcealedSamples > s.ConcealedSamples || s.ConcealedSamples > s.TotalSamplesReceived+uint64(pcm.Rate/10) {
			t.Errorf("%+v", s)
		}
	})
}

func FuzzRedundancy(f *testing.F) {
	f.Add([]byte{0xef, 15, 0, 2, 111, 1, 2, 3})
	f.Fuzz(func(t *testing.T, payload []byte) {
		var blocks [maxBlocks]block
		total := 0
		for _, b := range split(payload, &blocks) {
			total += len(b.payload)
		}
		if total > len(payload) {
			t.Errorf("%d bytes in blocks of %d", total, len(payload))
		}
	})
}

func BenchmarkPullOpus(b *testing.B) {
	buffer := New(formats, 0)
	defer buffer.Close()
	trace := talk(b, 111, 20*time.Millisecond, voiced(48000, 10*48000), codec.Options{}, 0)
	frame := make([]int16, pcm.FrameSamples)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p := *trace[i%len(trace)].packet
		p.SequenceNumber = uint16(i)
		p.Timestamp = uint32(i) * 960
		at := start.Add(time.Duration(i) * 20 * time.Millisecond)
		buffer.Insert(&p, at)
		buffer.Pull(frame, at.Add(time.Millisecond))
		buffer.Pull(frame, at.Add(11*time.Millisecond))
		i++
	}
}
