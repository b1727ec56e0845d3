package audiotest

import (
	"math"

	"nearend/internal/pcm"
)

// Tone returns frames of a sine, mono at 48 kHz; level is its peak, 0 to 1.
func Tone(hertz, level float64, frames int) []int16 {
	out := make([]int16, frames*pcm.FrameSamples)
	for i := range out {
		out[i] = clip(32767 * level * math.Sin(2*math.Pi*hertz*float64(i)/pcm.Rate))
	}
	return out
}

// Level returns the root mean square of samples, 0 to 1.
func Level(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum/float64(len(samples))) / 32768
}

// clip rounds v to the range of a sample.
func clip(v float64) int16 {
	return int16(math.Round(max(-32768, min(32767, v))))
}
