package jitter

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/codec"
	"nearend/internal/pcm"
)

var formats = []Format{
	{PayloadType: 111, MimeType: "audio/opus", ClockRate: 48000},
	{PayloadType: 9, MimeType: "audio/G722", ClockRate: 8000},
	{PayloadType: 0, MimeType: "audio/PCMU", ClockRate: 8000},
	{PayloadType: 8, MimeType: "audio/PCMA", ClockRate: 8000},
	{PayloadType: 13, MimeType: "audio/CN", ClockRate: 8000},
	{PayloadType: 110, MimeType: "audio/telephone-event", ClockRate: 48000},
	{PayloadType: 63, MimeType: "audio/red", ClockRate: 48000},
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// voiced is a signal with a pitch near 140 Hz, harmonics and a slow envelope.
func voiced(rate, n int) []int16 {
	out := make([]int16, n)
	phase := 0.0
	for i := range out {
		t := float64(i) / float64(rate)
		phase += 2 * math.Pi * (140 + 15*math.Sin(2*math.Pi*1.3*t)) / float64(rate)
		v := 0.0
		for h := 1; h <= 12; h++ {
			v += math.Sin(float64(h)*phase) / float64(h)
		}
		out[i] = int16(4000 * v * (0.7 + 0.3*math.Sin(2*math.Pi*2.1*t)))
	}
	return out
}

// sent is a packet on its way.
type sent struct {
	packet  *rtp.Packet
	arrival time.Duration
}

// talk codes in as a stream of packets that arrive the moment they are sent.
func talk(t testing.TB, payloadType uint8, ptime time.Duration, in []int16, o codec.Options, loss float64) []sent {
	t.Helper()
	var f Format
	for _, f = range formats {
		if f.PayloadType == payloadType {
			break
		}
	}
	e, err := codec.NewEncoder(f.MimeType, o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if a, ok := e.(codec.Adaptive); ok {
		a.SetLoss(loss)
	}
	size := int(ptime.Seconds() * float64(e.Rate()))
	stamps := uint32(ptime.Seconds() * float64(f.ClockRate))
	var out []sent
	for i := 0; (i+1)*size <= len(in); i++ {
		payload := make([]byte, codec.MaxPayload)
		n, err := e.Encode(payload, in[i*size:(i+1)*size])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sent{&rtp.Packet{
			Header: rtp.Header{
				Version: 2, PayloadType: payloadType, SSRC: 77,
				SequenceNumber: uint16(65500 + i), Timestamp: 0xffff0000 + uint32(i)*stamps,
			},
			Payload: payload[:n],
		}, time.Duration(i+1) * ptime})
	}
	return out
}

// drop leaves out packets for which lost says so.
func drop(in []sent, lost func(i int) bool) []sent {
	var out []sent
	for i, s := range in {
		if !lost(i) {
			out = append(out, s)
		}
	}
	return out
}

// play runs a trace through b, one pull each 10 ms from the phase on, and
// returns what was heard.
func play(b *Buffer, trace []sent, phase time.Duration, each func(at time.Duration)) []int16 {
	var out []int16
	end := time.Duration(0)
	for _, s := range trace {
		end = max(end, s.arrival)
	}
	pending := append([]sent(nil), trace...)
	frame := make([]int16, pcm.FrameSamples)
	slices.SortStableFunc(pending, func(a, b sent) int { return int(a.arrival - b.arrival) })
	for at := phase; at < end; at += pcm.FrameDuration {
		for len(pending) > 0 && pending[0].arrival <= at {
			b.Insert(pending[0].packet, start.Add(pending[0].arrival))
			pending = pending[1:]
		}
		b.Pull(frame, start.Add(at))
		out = append(out, frame...)
		if each != nil {
			each(at)
		}
	}
	return out
}

// meanDelay is the W3C's average jitter buffer delay.
func meanDelay(s Stats) time.Duration {
	return time.Duration(s.JitterBufferDelay / float64(s.JitterBufferEmittedCount) * float64(time.Second))
}

func gaussian(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }
