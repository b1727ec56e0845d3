package plot

import (
	"math"
	"strconv"
)

// axis maps the values from low to high to places from start to end.
type axis struct{ low, high, start, end float64 }

// widen makes an axis of no points, or of a single value, usable.
func (a *axis) widen() {
	switch {
	case a.low > a.high:
		a.low, a.high = 0, 1
	case a.low == a.high:
		a.low, a.high = a.low-1, a.high+1
	}
}

// place is where a value lies; values beyond the axis lie at its ends.
func (a axis) place(v float64) float64 {
	share := (v - a.low) / (a.high - a.low)
	return a.start + max(0, min(1, share))*(a.end-a.start)
}

// ticks are round values on the axis, 4 to 10 of them.
func (a axis) ticks() []float64 {
	step := math.Pow(10, math.Floor(math.Log10((a.high-a.low)/4)))
	for _, factor := range []float64{5, 2} {
		if (a.high-a.low)/(step*factor) >= 4 {
			step *= factor
			break
		}
	}
	var ticks []float64
	for n := math.Ceil(a.low/step - 1e-9); n*step <= a.high+step*1e-9; n++ {
		ticks = append(ticks, n*step)
	}
	return ticks
}

// number writes a tick without the noise of binary fractions and without -0.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6+0, 'g', -1, 64)
}
