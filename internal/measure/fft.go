package measure

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// transform is the radix-2 fast Fourier transform in place (Cooley and Tukey
// 1965, decimation in time); len(x) is a power of two. inverse leaves out the
// division by len(x).
func transform(x []complex128, inverse bool) {
	n := len(x)
	shift := 64 - bits.Len(uint(n-1))
	if n > 1 {
		for i := range x {
			if j := int(bits.Reverse64(uint64(i)) >> shift); i < j {
				x[i], x[j] = x[j], x[i]
			}
		}
	}
	sign := -1.0
	if inverse {
		sign = 1
	}
	roots := make([]complex128, n/2)
	for i := range roots {
		roots[i] = cmplx.Rect(1, sign*2*math.Pi*float64(i)/float64(n))
	}
	for size := 2; size <= n; size *= 2 {
		half, step := size/2, n/size
		for start := 0; start < n; start += size {
			for k := range half {
				a, b := x[start+k], x[start+k+half]*roots[k*step]
				x[start+k], x[start+k+half] = a+b, a-b
			}
		}
	}
}

// padded returns the next power of two.
func padded(n int) int {
	if n < 2 {
		return 1
	}
	return 1 << bits.Len(uint(n-1))
}

// bandLimit keeps what a telephone carries, 150 to 3800 Hz, and returns it at
// analysisRate.
func bandLimit(r Recording) []float64 {
	if len(r.Samples) == 0 {
		return nil
	}
	n := padded(len(r.Samples))
	x := make([]complex128, n)
	for i, s := range r.Samples {
		x[i] = complex(s, 0)
	}
	transform(x, false)
	hertz := float64(r.Rate) / float64(n)
	low, high := int(150/hertz), int(3800/hertz)
	for k := range x {
		if bin := min(k, n-k); bin < low || bin > high {
			x[k] = 0
		}
	}
	transform(x, true)
	step := float64(r.Rate) / analysisRate
	out := make([]float64, int(float64(len(r.Samples))/step))
	for i := range out {
		at := float64(i) * step
		j := int(at)
		fraction, next := at-float64(j), min(j+1, len(r.Samples)-1)
		out[i] = (real(x[j])*(1-fraction) + real(x[next])*fraction) / float64(n)
	}
	return out
}
