package measure

import (
	"math"
	"math/cmplx"
)

const (
	cepstrumRate   = 16000
	cepstrumFrame  = 512 // 32 ms
	cepstrumHop    = 160 // 10 ms
	cepstrumBands  = 26
	cepstrumOrder  = 13
	cepstrumActive = 40.0 // dB below the loudest frame that still count as speech
	cepstrumFloor  = 60.0 // dB below the loudest band to which silence is raised
	cepstrumWarp   = 6    // frames by which alignment may be off
)

// CepstralDistance is how far the spectra that were heard are from those that
// were said, in dB, over the frames in which something was said: the mel-cepstral
// distance (R. Kubichek: "Mel-cepstral distance measure for objective speech
// quality assessment", IEEE Pacific Rim Conference 1993) without the
// coefficient of loudness, after dynamic time warping by up to 60 ms. 0 is
// undamaged, white noise 20 dB below speech is 4 dB away, silence about 13.
// Both must begin at the same time: Align sees to that.
func CepstralDistance(reference, heard Recording) float64 {
	said, level := cepstra(reference.Resampled(cepstrumRate).Samples)
	got, _ := cepstra(heard.Resampled(cepstrumRate).Samples)
	if len(said) == 0 || len(got) == 0 {
		return 0
	}
	var sum float64
	frames := 0
	for i, j := range warped(said, got) {
		if level[i] > -cepstrumActive {
			sum += said[i].distance(got[j])
			frames++
		}
	}
	if frames == 0 {
		return 0
	}
	return sum / float64(frames)
}

// cepstrum holds the coefficients from 1 on.
type cepstrum [cepstrumOrder]float64

// distance is in dB (Kubichek 1993, equation 2): the root mean square over the
// bands of the difference of the smoothed spectra.
func (c cepstrum) distance(o cepstrum) float64 {
	var sum float64
	for i, v := range c {
		sum += (v - o[i]) * (v - o[i])
	}
	return 10 / math.Ln10 * math.Sqrt(2*sum)
}

// cepstra returns the mel cepstrum of each frame (S. B. Davis, P. Mermelstein,
// IEEE Transactions on Acoustics, Speech and Signal Processing 28(4), 1980) and
// its level in dB of the loudest frame.
func cepstra(signal []float64) (frames []cepstrum, levels []float64) {
	window, filters := hann(cepstrumFrame), melFilters()
	spectrum := make([]complex128, cepstrumFrame)
	var bands [][cepstrumBands]float64
	var loudestBand, loudestFrame float64
	for at := 0; at+cepstrumFrame <= len(signal); at += cepstrumHop {
		for k, w := range window {
			spectrum[k] = complex(w*signal[at+k], 0)
		}
		transform(spectrum, false)
		var band [cepstrumBands]float64
		var energy float64
		for k := range cepstrumFrame/2 + 1 {
			magnitude := cmplx.Abs(spectrum[k])
			energy += magnitude * magnitude
			for b := range band {
				band[b] += filters[b][k] * magnitude * magnitude
			}
		}
		for _, e := range band {
			loudestBand = max(loudestBand, e)
		}
		loudestFrame = max(loudestFrame, energy)
		bands, levels = append(bands, band), append(levels, energy)
	}
	floor := loudestBand*math.Pow(10, -cepstrumFloor/10) + 1e-20
	for i, band := range bands {
		levels[i] = 10 * math.Log10((levels[i]+1e-20)/(loudestFrame+1e-20))
		var c cepstrum
		for n := range c {
			for b, e := range band {
				c[n] += math.Log(e+floor) * math.Cos(math.Pi*float64(n+1)*(float64(b)+0.5)/cepstrumBands)
			}
			c[n] /= cepstrumBands
		}
		frames = append(frames, c)
	}
	return frames, levels
}

// melFilters are triangles that overlap by half, evenly spaced in mel from 0 Hz
// to half the rate.
func melFilters() [cepstrumBands][cepstrumFrame/2 + 1]float64 {
	mel := func(hertz float64) float64 { return 2595 * math.Log10(1+hertz/700) }
	step := mel(cepstrumRate/2) / (cepstrumBands + 1)
	var filters [cepstrumBands][cepstrumFrame/2 + 1]float64
	for b := range filters {
		for k := range filters[b] {
			m := mel(float64(k) * cepstrumRate / cepstrumFrame)
			filters[b][k] = max(0, 1-math.Abs(m/step-float64(b+1)))
		}
	}
	return filters
}

// warped gives each frame of a the frame of b that fits it on the cheapest way
// that never goes back and stays within cepstrumWarp (Sakoe and Chiba 1978).
func warped(a, b []cepstrum) []int {
	const width = 2*cepstrumWarp + 1
	cost := make([][width]float64, len(a))
	from := make([][width]int, len(a))
	for i := range a {
		for k := range width {
			j := i + k - cepstrumWarp
			cost[i][k] = math.Inf(1)
			if j < 0 || j >= len(b) {
				continue
			}
			here := a[i].distance(b[j])
			if i == 0 {
				cost[i][k] = here
				continue
			}
			// From frame i-1 of a, b went on by 0, 1 or 2 frames: its place in
			// the band, relative to the diagonal, went by -1, 0 or 1.
			for step := -1; step <= 1; step++ {
				if p := k - step; p >= 0 && p < width && cost[i-1][p]+here < cost[i][k] {
					cost[i][k], from[i][k] = cost[i-1][p]+here, p
				}
			}
		}
	}
	path := make([]int, len(a))
	best := cepstrumWarp
	// Frames of a beyond the end of b have no partner: they keep the last one.
	last := min(len(a), len(b)+cepstrumWarp) - 1
	for k := range width {
		if cost[last][k] < cost[last][best] {
			best = k
		}
	}
	for i := len(a) - 1; i > last; i-- {
		path[i] = len(b) - 1
	}
	for i := last; i >= 0; i-- {
		path[i] = min(max(0, i+best-cepstrumWarp), len(b)-1)
		best = from[i][best]
	}
	return path
}
