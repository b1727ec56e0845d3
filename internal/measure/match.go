package measure

import (
	"math"
	"slices"
	"time"
)

const (
	analysisRate = 16000
	// A window is long enough to hold a few syllables and short enough for a
	// jitter buffer's stretching to stay inside one sample of delay.
	windowLength = analysisRate / 2
	searchRange  = analysisRate * 3 / 10
	// Windows quieter than this part of the loudest say nothing.
	quietWindow = 0.05
)

// Match says how a reference arrived in a recording.
type Match struct {
	// Delay is where the reference begins in the recording: the median over
	// its windows. Meaningless when Peak is below 0.3.
	Delay time.Duration
	// Peak is the normalised cross-correlation of half-second windows within
	// the band of a telephone, each at its own best delay, averaged by energy:
	// 1 is the same waveform, below 0.3 is something else.
	Peak float64
	// Spread is between the 10th and the 90th percentile of the windows'
	// delays: how much a jitter buffer moved meanwhile.
	Spread time.Duration
}

// Find looks for the reference anywhere in the recording. Both may have any
// rate. The sign of the waveform does not matter.
func Find(reference, recording Recording) Match {
	ref, rec := bandLimit(reference), bandLimit(recording)
	if len(ref) < windowLength || len(rec) < windowLength {
		return Match{}
	}
	coarse, _ := correlate(ref, rec)
	type window struct {
		lag          int
		peak, energy float64
	}
	var windows []window
	var loudest float64
	for start := 0; start+windowLength <= len(ref); start += windowLength {
		part := ref[start : start+windowLength]
		energy := dot(part, part)
		loudest = max(loudest, energy)
		from := max(0, start+coarse-searchRange)
		to := min(len(rec), start+coarse+windowLength+searchRange)
		if to-from < windowLength {
			windows = append(windows, window{coarse, 0, energy})
			continue
		}
		lag, peak := correlate(part, rec[from:to])
		windows = append(windows, window{from + lag - start, peak, energy})
	}
	var sum, weight float64
	var lags []int
	for _, w := range windows {
		if w.energy < quietWindow*quietWindow*loudest {
			continue
		}
		sum += w.peak * w.energy
		weight += w.energy
		if w.peak > 0.3 {
			lags = append(lags, w.lag)
		}
	}
	m := Match{Delay: samples(coarse)}
	if weight > 0 {
		m.Peak = sum / weight
	}
	if len(lags) > 0 {
		slices.Sort(lags)
		m.Delay = samples(lags[len(lags)/2])
		m.Spread = samples(lags[len(lags)*9/10] - lags[len(lags)/10])
	}
	return m
}

// correlate returns where u lies best inside v, which may begin before or end
// after it, and the normalised correlation there.
func correlate(u, v []float64) (lag int, peak float64) {
	n := padded(len(u) + len(v))
	a, b := make([]complex128, n), make([]complex128, n)
	for i, s := range u {
		a[i] = complex(s, 0)
	}
	for i, s := range v {
		b[i] = complex(s, 0)
	}
	transform(a, false)
	transform(b, false)
	for i := range a {
		a[i] = b[i] * complex(real(a[i]), -imag(a[i]))
	}
	transform(a, true)

	// energyBefore[i] is the energy of v[:i].
	energyBefore := make([]float64, len(v)+1)
	for i, s := range v {
		energyBefore[i+1] = energyBefore[i] + s*s
	}
	norm := math.Sqrt(dot(u, u))
	floor := energyBefore[len(v)]*1e-6 + 1e-12
	// Half of u has to lie inside v: a few samples always match something.
	for l := -len(u) / 2; l <= len(v)-len(u)/2; l++ {
		from, to := max(0, l), min(len(v), l+len(u))
		energy := energyBefore[to] - energyBefore[from]
		value := math.Abs(real(a[(l+n)%n])) / float64(n) / (norm*math.Sqrt(max(energy, floor)) + 1e-12)
		if value > peak {
			lag, peak = l, value
		}
	}
	return lag, min(peak, 1)
}

func samples(n int) time.Duration {
	return time.Duration(n) * time.Second / analysisRate
}
