package measure

import (
	"math"

	"nearend/internal/pcm"
)

// Resampled returns the recording at another rate. The filter is a sinc under
// a Kaiser window, 64 zero crossings long: flat to 0.92 of the lower of the two
// band limits, 80 dB down from 1.08 of it on (Smith, "Digital audio resampling",
// and Kaiser and Schafer 1980 for the window).
func (r Recording) Resampled(rate int) Recording {
	if rate == r.Rate || len(r.Samples) == 0 {
		return Recording{Rate: rate, Samples: r.Samples}
	}
	const crossings, beta = 32, 8
	divisor := gcd(rate, r.Rate)
	up, down := rate/divisor, r.Rate/divisor
	// The cut-off in cycles a sample of r, doubled.
	cut := min(1, float64(rate)/float64(r.Rate))
	reach := int(math.Ceil(crossings / cut))
	phases := make([][]float64, up)
	for p := range phases {
		fraction := float64(p) / float64(up)
		taps := make([]float64, 2*reach)
		for k := range taps {
			x := float64(k-reach+1) - fraction
			edge := x / float64(reach)
			if math.Abs(edge) < 1 {
				taps[k] = cut * pcm.KaiserSinc(cut*x, edge, beta)
			}
		}
		phases[p] = taps
	}
	out := make([]float64, len(r.Samples)*up/down)
	for i := range out {
		at, taps := i*down/up, phases[i*down%up]
		from := at - reach + 1
		first, last := max(0, -from), min(len(taps), len(r.Samples)-from)
		out[i] = dot(taps[first:last], r.Samples[from+first:from+last])
	}
	return Recording{Rate: rate, Samples: out}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
