package pcm

import (
	"fmt"
	"math"
)

// Resampler converts mono audio between two rates by a polyphase FIR filter: a
// sinc under a Kaiser window (beta 9), cut off at 0.46 of the lower rate. Its
// passband is flat within 0.1 dB to 0.42 of the lower rate and its stop-band
// begins at half the lower rate with at least 70 dB, so that speech at 8 kHz
// keeps everything up to 3.4 kHz and aliases stay below a 12-bit floor. It
// delays by Delay. Process does not allocate.
type Resampler struct {
	from, to int
	up, down int
	taps     int // of each phase
	phases   [][]float32
	history  []float32 // the last taps-1 input samples, then the current input
	phase    int       // of the next output sample
	skip     int       // input samples before the next output sample's newest
}

// maxBlock is the largest input of one Process call, in seconds, before it is
// split.
const maxBlock = 0.02

// NewResampler returns a converter between two of 8, 16, 24, 32, 44.1 and
// 48 kHz, or any pair whose ratio in lowest terms has an upper part of at most
// 640.
func NewResampler(from, to int) (*Resampler, error) {
	if from <= 0 || to <= 0 {
		return nil, fmt.Errorf("pcm: resampling from %d to %d Hz", from, to)
	}
	div := gcd(from, to)
	r := &Resampler{from: from, to: to, up: to / div, down: from / div}
	if r.up > 640 || r.down > 640 {
		return nil, fmt.Errorf("pcm: no short ratio from %d to %d Hz", from, to)
	}
	// The transition band from 0.42 to 0.5 of the lower rate needs about
	// 5.8/0.08 lower-rate samples for 70 dB and more.
	const width = 72
	lower := min(from, to)
	r.taps = int(math.Ceil(float64(width) * float64(from) / float64(lower)))
	r.design(0.46 * float64(lower))
	r.history = make([]float32, r.taps-1+int(math.Ceil(float64(from)*maxBlock)))
	return r, nil
}

// design computes the filter at the rate from*up, split into phases.
func (r *Resampler) design(cutoff float64) {
	const beta = 9
	length := r.taps * r.up
	rate := float64(r.from) * float64(r.up)
	center := float64(length-1) / 2
	r.phases = make([][]float32, r.up)
	coefficients := make([]float32, length)
	for p := range r.phases {
		r.phases[p] = coefficients[p*r.taps : (p+1)*r.taps]
		sum := 0.0
		values := make([]float64, r.taps)
		for k := range values {
			// Newest input sample last, as it lies in history.
			n := float64(p+(r.taps-1-k)*r.up) - center
			x := 2 * n / float64(length)
			values[k] = KaiserSinc(2*cutoff*n/rate, x, beta)
			sum += values[k]
		}
		for k, v := range values {
			r.phases[p][k] = float32(v / sum)
		}
	}
}

// Delay is the delay of the filter in seconds.
func (r *Resampler) Delay() float64 {
	return float64(r.taps*r.up-1) / 2 / float64(r.up) / float64(r.from)
}

// Samples is how many samples Process will write for n more input samples.
func (r *Resampler) Samples(n int) int {
	if n <= r.skip {
		return 0
	}
	return ((n-r.skip)*r.up - r.phase + r.down - 1) / r.down
}

// Process converts in and returns how many samples it wrote to out, which must
// have room for Samples(len(in)).
func (r *Resampler) Process(out, in []int16) int {
	if r.up == r.down {
		return copy(out, in)
	}
	written := 0
	block := len(r.history) - (r.taps - 1)
	for len(in) > 0 {
		n := min(len(in), block)
		written += r.block(out[written:], in[:n])
		in = in[n:]
	}
	return written
}

func (r *Resampler) block(out, in []int16) int {
	keep := r.taps - 1
	for i, v := range in {
		r.history[keep+i] = float32(v)
	}
	written, at := 0, r.skip
	for at < len(in) {
		window := r.history[at : at+r.taps]
		var sum float32
		for i, c := range r.phases[r.phase] {
			sum += c * window[i]
		}
		out[written] = Saturate(int32(math.Round(float64(sum))))
		written++
		r.phase += r.down
		at += r.phase / r.up
		r.phase %= r.up
	}
	r.skip = at - len(in)
	copy(r.history, r.history[len(in):len(in)+keep])
	return written
}

// Reset forgets what was heard so far.
func (r *Resampler) Reset() {
	clear(r.history)
	r.phase, r.skip = 0, 0
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
