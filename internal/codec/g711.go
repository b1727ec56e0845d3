package codec

import (
	"time"
)

// G.711 (ITU-T Recommendation G.711): eight bits a sample, in segments whose
// steps double. g711Rate is its sampling rate.
const g711Rate = 8000

var muToLinear, aToLinear = expandTables()

func expandTables() (mu, a [256]int16) {
	for code := range 256 {
		// Table 2: bits are sent inverted; 33 is the bias of the segments, on
		// a scale of 14 bits.
		c := ^byte(code)
		v := (int(c&15)<<1+33)<<(c>>4&7) - 33
		if c&128 != 0 {
			v = -v
		}
		mu[code] = int16(v << 2)
		// Table 1: even bits are sent inverted, on a scale of 13 bits; the
		// two lowest segments have the same step.
		c = byte(code) ^ 0x55
		v = int(c&15)<<1 + 1
		if s := c >> 4 & 7; s > 0 {
			v = (v + 32) << (s - 1)
		}
		if c&128 == 0 {
			v = -v
		}
		a[code] = int16(v << 3)
	}
	return mu, a
}

// segment is the position of the highest bit of v, at least low, counted from
// low.
func segment(v, low int) int {
	s := 0
	for v>>(low+1) != 0 {
		v >>= 1
		s++
	}
	return s
}

func linearToMu(sample int16) byte {
	v, sign := int(sample)>>2, byte(0)
	if v < 0 {
		v, sign = ^v, 128
	}
	v = min(v+33, 8191)
	s := segment(v, 5)
	return ^(sign | byte(s)<<4 | byte(v>>(s+1))&15)
}

func linearToA(sample int16) byte {
	v, sign := int(sample)>>4, byte(128)
	if v < 0 {
		v, sign = ^v, 0
	}
	code := byte(v)
	if v >= 16 {
		s := segment(v, 4)
		code = byte(s+1)<<4 | byte(v>>s)&15
	}
	return (sign | code) ^ 0x55
}

type g711Encoder struct {
	compress func(int16) byte
}

func (e *g711Encoder) Rate() int { return g711Rate }

func (e *g711Encoder) PacketTime(d time.Duration) time.Duration { return tens(d) }

func (e *g711Encoder) Encode(payload []byte, pcm []int16) (int, error) {
	if len(payload) < len(pcm) {
		return 0, errShort
	}
	for i, v := range pcm {
		payload[i] = e.compress(v)
	}
	return len(pcm), nil
}

func (e *g711Encoder) Close() {}

type g711Decoder struct {
	expand *[256]int16
}

func (d *g711Decoder) Rate() int { return g711Rate }

func (d *g711Decoder) Samples(payload []byte) (int, error) {
	if len(payload) == 0 || len(payload) > int(g711Rate*MaxPacket/time.Second) {
		return 0, ErrCorrupt
	}
	return len(payload), nil
}

func (d *g711Decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(pcm) < len(payload) {
		return 0, errShort
	}
	for i, c := range payload {
		pcm[i] = d.expand[c]
	}
	return len(payload), nil
}

func (d *g711Decoder) Reset() {}
func (d *g711Decoder) Close() {}
