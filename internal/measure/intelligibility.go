package measure

import (
	"math"
	"math/cmplx"
)

// The parameters of Taal et al. 2011, section II.
const (
	stoiRate    = 10000
	stoiFrame   = 256
	stoiFFT     = 512
	stoiBands   = 15
	stoiLowest  = 150.0 // centre of the lowest band in hertz
	stoiSegment = 30    // frames, 384 ms
	stoiClip    = -15.0 // lowest signal-to-distortion ratio in dB
	stoiRange   = 40.0  // dB below the loudest frame that still count as speech
)

// Intelligibility predicts which part of the words people understand.
type Intelligibility struct {
	// STOI is the short-time objective intelligibility (C. H. Taal, R. C.
	// Hendriks, R. Heusdens, J. Jensen: "An algorithm for intelligibility
	// prediction of time-frequency weighted noisy speech", IEEE Transactions on
	// Audio, Speech and Language Processing 19(7), 2011): 1 is undamaged.
	STOI float64
	// ESTOI is the extended measure, which also holds for distortions that
	// come and go, such as lost packets (J. Jensen, C. H. Taal: "An algorithm
	// for predicting the intelligibility of speech masked by modulated noise
	// maskers", IEEE/ACM Transactions on Audio, Speech and Language Processing
	// 24(11), 2016).
	ESTOI float64
}

// Understand compares what was said with what was heard. Both begin at the same
// time: Align sees to that. With less than 384 ms of speech the result is zero.
func Understand(reference, heard Recording) Intelligibility {
	clean, damaged := voiced(reference.Resampled(stoiRate).Samples, heard.Resampled(stoiRate).Samples)
	x, y := thirdOctaves(clean), thirdOctaves(damaged)
	var sum Intelligibility
	segments := 0
	for end := stoiSegment; end <= len(x); end++ {
		sum.STOI += stoiOf(segment(x, end), segment(y, end))
		sum.ESTOI += estoiOf(segment(x, end), segment(y, end))
		segments++
	}
	if segments == 0 {
		return Intelligibility{}
	}
	return Intelligibility{sum.STOI / float64(segments), sum.ESTOI / float64(segments)}
}

// voiced removes the frames in which the reference is more than stoiRange below
// its loudest one, from both signals, by overlap and add.
func voiced(reference, heard []float64) (x, y []float64) {
	n := min(len(reference), len(heard))
	const hop = stoiFrame / 2
	window := hann(stoiFrame)
	var levels []float64
	loudest := math.Inf(-1)
	for at := 0; at+stoiFrame <= n; at += hop {
		var energy float64
		for k, w := range window {
			v := w * reference[at+k]
			energy += v * v
		}
		level := 10 * math.Log10(energy+1e-20)
		loudest = max(loudest, level)
		levels = append(levels, level)
	}
	kept := 0
	for i, level := range levels {
		if level < loudest-stoiRange {
			continue
		}
		grow := kept*hop + stoiFrame - len(x)
		x, y = append(x, make([]float64, grow)...), append(y, make([]float64, grow)...)
		for k, w := range window {
			x[kept*hop+k] += w * reference[i*hop+k]
			y[kept*hop+k] += w * heard[i*hop+k]
		}
		kept++
	}
	return x, y
}

// thirdOctaves returns the norm of each one-third octave band for each frame
// (2011, equation 1).
func thirdOctaves(signal []float64) [][stoiBands]float64 {
	window := hann(stoiFrame)
	var edges [stoiBands + 1]int
	for j := range edges {
		// Bands meet a sixth of an octave off their centres.
		edge := stoiLowest * math.Pow(2, (2*float64(j)-1)/6)
		edges[j] = int(math.Round(edge * stoiFFT / stoiRate))
	}
	var frames [][stoiBands]float64
	spectrum := make([]complex128, stoiFFT)
	for at := 0; at+stoiFrame <= len(signal); at += stoiFrame / 2 {
		clear(spectrum)
		for k, w := range window {
			spectrum[k] = complex(w*signal[at+k], 0)
		}
		transform(spectrum, false)
		var frame [stoiBands]float64
		for j := range frame {
			for _, bin := range spectrum[edges[j]:edges[j+1]] {
				magnitude := cmplx.Abs(bin)
				frame[j] += magnitude * magnitude
			}
			frame[j] = math.Sqrt(frame[j])
		}
		frames = append(frames, frame)
	}
	return frames
}

// envelopes are the bands of a segment, each over its frames.
type envelopes [stoiBands][stoiSegment]float64

func segment(frames [][stoiBands]float64, end int) *envelopes {
	var s envelopes
	for m, frame := range frames[end-stoiSegment : end] {
		for j, v := range frame {
			s[j][m] = v
		}
	}
	return &s
}

// stoiOf scales and clips each envelope of y, and averages the correlations
// with x over the bands (2011, equations 3 to 5).
func stoiOf(x, y *envelopes) float64 {
	clip := 1 + math.Pow(10, -stoiClip/20)
	var sum float64
	for j := range x {
		scale := math.Sqrt(dot(x[j][:], x[j][:]) / (dot(y[j][:], y[j][:]) + 1e-20))
		var clipped [stoiSegment]float64
		for m, v := range y[j] {
			clipped[m] = min(scale*v, clip*x[j][m])
		}
		a, b := x[j], clipped
		standardise(a[:])
		standardise(b[:])
		sum += dot(a[:], b[:])
	}
	return sum / stoiBands
}

// estoiOf normalises the envelopes of the bands, then the spectra of the
// frames, and averages the correlations over the frames (2016, equations 3 to
// 7).
func estoiOf(x, y *envelopes) float64 {
	a, b := *x, *y
	for j := range a {
		standardise(a[j][:])
		standardise(b[j][:])
	}
	var sum float64
	for m := range stoiSegment {
		var u, v [stoiBands]float64
		for j := range stoiBands {
			u[j], v[j] = a[j][m], b[j][m]
		}
		standardise(u[:])
		standardise(v[:])
		sum += dot(u[:], v[:])
	}
	return sum / stoiSegment
}

// standardise makes the mean 0 and the norm 1; what is constant becomes zero.
func standardise(v []float64) {
	var mean float64
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for i := range v {
		v[i] -= mean
	}
	if norm := math.Sqrt(dot(v, v)); norm > 1e-12 {
		for i := range v {
			v[i] /= norm
		}
	} else {
		clear(v)
	}
}

// hann is the window of length n without the zeros at its ends.
func hann(n int) []float64 {
	window := make([]float64, n)
	for i := range window {
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i+1)/float64(n+1))
	}
	return window
}
