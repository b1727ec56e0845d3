package voice

import (
	"math"

	"nearend/internal/pcm"
)

const (
	// overlap is shared by neighbouring blocks, which is also the delay.
	overlap = 240
	block   = pcm.FrameSamples + overlap
	bins    = fftSize/2 + 1

	// learn is how many frames at the start count as noise.
	learn = 10
	// presence is the signal-to-noise ratio that speech is expected to have in a
	// bin when there is any: 15 dB.
	presence = 31.6
	// stuck is the mean probability of speech above which a bin's noise is made
	// to follow the signal, or it would not after a jump.
	stuck = 0.99
	// probabilityMemory and noiseMemory are the smoothing of both per frame.
	probabilityMemory = 0.9
	noiseMemory       = 0.85
	// priorMemory is the weight of the past in the decision-directed estimate.
	priorMemory = 0.98
	// least is the smallest gain, -20 dB: what is left sounds like a room and
	// hides artefacts.
	least = 0.1
	// tiny keeps divisions away from zero.
	tiny = 1e-12
)

// suppressor reduces noise that changes slower than speech. The noise in each
// bin is tracked by the probability that speech is absent (Gerkmann and
// Hendriks, "Unbiased MMSE-based noise power estimation with low complexity
// and low tracking delay", IEEE TASLP 20(4), 2012); the gain is a Wiener
// filter on the decision-directed a-priori signal-to-noise ratio (Ephraim and
// Malah, IEEE TASSP 32(6), 1984).
type suppressor struct {
	fft    *fft
	window [block]float32
	past   [overlap]float32
	tail   [overlap]float32
	re, im [fftSize]float32

	frames      int
	noise       [bins]float32
	probability [bins]float32
	// clean is the power of the last frame's result.
	clean [bins]float32
}

func newSuppressor() *suppressor {
	s := &suppressor{fft: newFFT()}
	for i := range s.window {
		s.window[i] = 1
	}
	// The window is applied before and after; its slopes' squares add up to one.
	for i := range overlap {
		slope := float32(math.Sin(math.Pi / 2 * (float64(i) + 0.5) / overlap))
		s.window[i], s.window[block-1-i] = slope, slope
	}
	return s
}

// process filters a frame in place; the result is overlap samples late.
func (s *suppressor) process(frame *[pcm.FrameSamples]float32) {
	clear(s.im[:])
	clear(s.re[block:])
	copy(s.re[:], s.past[:])
	copy(s.re[overlap:], frame[:])
	copy(s.past[:], frame[pcm.FrameSamples-overlap:])
	for i, w := range s.window {
		s.re[i] *= w
	}
	s.fft.forward(&s.re, &s.im)
	s.filter()
	s.fft.forward(&s.im, &s.re)
	for i, w := range s.window {
		s.re[i] *= w / fftSize
	}
	for i := range overlap {
		s.re[i] += s.tail[i]
	}
	copy(frame[:], s.re[:])
	copy(s.tail[:], s.re[pcm.FrameSamples:])
}

// filter estimates the noise and applies the gain in each bin.
func (s *suppressor) filter() {
	if s.frames < learn {
		s.frames++
	}
	for k := range bins {
		power := s.re[k]*s.re[k] + s.im[k]*s.im[k] + tiny
		s.track(k, power)
		posterior := power / s.noise[k]
		prior := priorMemory*s.clean[k]/s.noise[k] + (1-priorMemory)*max(posterior-1, 0)
		gain := max(prior/(1+prior), least)
		s.clean[k] = gain * gain * power
		s.re[k] *= gain
		s.im[k] *= gain
		if mirror := fftSize - k; k > 0 && mirror > k {
			s.re[mirror], s.im[mirror] = s.re[k], -s.im[k]
		}
	}
}

// track updates the noise power of a bin.
func (s *suppressor) track(k int, power float32) {
	if s.frames < learn {
		s.noise[k] += (power - s.noise[k]) / float32(s.frames)
		return
	}
	const gain = presence / (1 + presence)
	p := 1 / (1 + (1+presence)*exp(-power/s.noise[k]*gain))
	s.probability[k] = probabilityMemory*s.probability[k] + (1-probabilityMemory)*p
	if s.probability[k] > stuck {
		p = min(p, stuck)
	}
	estimate := (1-p)*power + p*s.noise[k]
	s.noise[k] = noiseMemory*s.noise[k] + (1-noiseMemory)*estimate
}

// exp is e to the power of x.
func exp(x float32) float32 { return float32(math.Exp(float64(x))) }
