package measure

import (
	"math"
	"time"
)

// Recording is mono sound. Samples lie within -1 and 1.
type Recording struct {
	// Rate is in hertz.
	Rate    int
	Samples []float64
}

// FromInt16 makes a recording of interleaved 16-bit samples, mixing channels.
func FromInt16(rate, channels int, pcm []int16) Recording {
	samples := make([]float64, len(pcm)/channels)
	for i := range samples {
		var sum float64
		for c := range channels {
			sum += float64(pcm[i*channels+c])
		}
		samples[i] = sum / float64(channels) / 32768
	}
	return Recording{Rate: rate, Samples: samples}
}

// Int16 returns the samples as 16-bit integers, clipped.
func (r Recording) Int16() []int16 {
	pcm := make([]int16, len(r.Samples))
	for i, s := range r.Samples {
		pcm[i] = int16(max(-32768, min(32767, math.Round(s*32768))))
	}
	return pcm
}

// Duration is the length of the recording.
func (r Recording) Duration() time.Duration { return r.at(len(r.Samples)) }

// Slice returns the part from one position to another, cut to what there is.
// It shares the samples.
func (r Recording) Slice(from, to time.Duration) Recording {
	i := min(max(0, r.index(from)), len(r.Samples))
	j := min(max(i, r.index(to)), len(r.Samples))
	return Recording{Rate: r.Rate, Samples: r.Samples[i:j]}
}

// RMS is the root mean square of all samples, 0 for an empty recording.
func (r Recording) RMS() float64 {
	if len(r.Samples) == 0 {
		return 0
	}
	return math.Sqrt(dot(r.Samples, r.Samples) / float64(len(r.Samples)))
}

// Peak is the largest magnitude.
func (r Recording) Peak() float64 {
	var peak float64
	for _, s := range r.Samples {
		peak = max(peak, math.Abs(s))
	}
	return peak
}

// Decibels converts a linear level to dB relative to full scale, at least -120.
func Decibels(level float64) float64 {
	return 20 * math.Log10(max(level, 1e-6))
}

func (r Recording) index(at time.Duration) int {
	return int(at.Seconds()*float64(r.Rate) + 0.5)
}

func (r Recording) at(index int) time.Duration {
	return time.Duration(float64(index) / float64(r.Rate) * float64(time.Second))
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
