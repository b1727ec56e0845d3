package pcm

import "math"

// KaiserSinc is sin(πx)/(πx) under a Kaiser window (Kaiser and Schafer 1980): a
// tap of a low-pass filter. edge is the tap's place in the window, -1 to 1;
// beta trades the width of the transition for the depth of the stop-band.
func KaiserSinc(x, edge, beta float64) float64 {
	return sinc(x) * bessel(beta*math.Sqrt(max(0, 1-edge*edge))) / bessel(beta)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// bessel is the modified Bessel function of the first kind, order zero, by its
// power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1; term > 1e-12*sum; k++ {
		term *= x / (2 * float64(k)) * x / (2 * float64(k))
		sum += term
	}
	return sum
}
