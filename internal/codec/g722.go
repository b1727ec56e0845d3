package codec

import (
	"time"
)

// G.722 (ITU-T Recommendation G.722) at 64 kbit/s: a quadrature mirror filter
// splits 16 kHz audio into two bands, each coded by adaptive differential PCM,
// six bits for the lower and two for the higher. Its RTP clock is 8000 Hz by
// an old mistake (RFC 3551, section 4.5.2).
const g722Rate = 16000

// qmf are the coefficients h(0) to h(11) of the mirror filters (table 11/G.722,
// scaled by 2^12); the other twelve are the same in reverse.
var qmf = [12]int{3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11}

// mirror is the delay line of a quadrature mirror filter.
type mirror [24]int

// push takes two values and returns the sums over the even and odd places.
func (m *mirror) push(a, b int) (even, odd int) {
	copy(m[:], m[2:])
	m[22], m[23] = a, b
	for i, c := range qmf {
		even += m[2*i] * c
		odd += m[2*i+1] * qmf[11-i]
	}
	return even, odd
}

type g722Encoder struct {
	in   mirror
	low  band
	high band
}

func newG722Encoder() *g722Encoder {
	return &g722Encoder{low: newLowBand(), high: newHighBand()}
}

func (e *g722Encoder) Rate() int { return g722Rate }

func (e *g722Encoder) PacketTime(d time.Duration) time.Duration { return tens(d) }

func (e *g722Encoder) Encode(payload []byte, pcm []int16) (int, error) {
	n := len(pcm) / 2
	if len(payload) < n {
		return 0, errShort
	}
	for i := range n {
		even, odd := e.in.push(int(pcm[2*i]), int(pcm[2*i+1]))
		low := e.low.quantizeLow(limit((even + odd) >> 14))
		high := e.high.quantizeHigh(limit((odd - even) >> 14))
		e.low.adaptLow(low >> 2)
		e.high.adaptHigh(high)
		payload[i] = byte(high<<6 | low)
	}
	return n, nil
}

func (e *g722Encoder) Close() {}

type g722Decoder struct {
	out  mirror
	low  band
	high band
}

func newG722Decoder() *g722Decoder {
	d := &g722Decoder{}
	d.Reset()
	return d
}

func (d *g722Decoder) Rate() int { return g722Rate }

func (d *g722Decoder) Samples(payload []byte) (int, error) {
	if len(payload) == 0 || len(payload) > int(g722Rate/2*MaxPacket/time.Second) {
		return 0, ErrCorrupt
	}
	return 2 * len(payload), nil
}

func (d *g722Decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(pcm) < 2*len(payload) {
		return 0, errShort
	}
	for i, c := range payload {
		code := int(c)
		low := d.low.restoreLow(code & 63)
		high := d.high.restoreHigh(code >> 6)
		d.low.adaptLow(code & 63 >> 2)
		d.high.adaptHigh(code >> 6)
		even, odd := d.out.push(low+high, low-high)
		pcm[2*i] = int16(limit(odd >> 11))
		pcm[2*i+1] = int16(limit(even >> 11))
	}
	return 2 * len(payload), nil
}

func (d *g722Decoder) Reset() {
	*d = g722Decoder{low: newLowBand(), high: newHighBand()}
}

func (d *g722Decoder) Close() {}
