package voice

import "math"

const (
	fftBits = 10
	fftSize = 1 << fftBits
)

// fft is a discrete Fourier transform of fftSize complex points, in place, by
// decimation in time (Cooley and Tukey 1965).
type fft struct {
	cos, sin [fftSize / 2]float32
	reverse  [fftSize]uint16
}

func newFFT() *fft {
	f := new(fft)
	for i := range f.cos {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / fftSize)
		f.cos[i], f.sin[i] = float32(cos), float32(sin)
	}
	for i := range f.reverse {
		f.reverse[i] = f.reverse[i/2]/2 | uint16(i&1)<<(fftBits-1)
	}
	return f
}

// forward transforms; swapping re and im transforms back, times fftSize.
func (f *fft) forward(re, im *[fftSize]float32) {
	for i, j := range f.reverse {
		if i < int(j) {
			re[i], re[j] = re[j], re[i]
			im[i], im[j] = im[j], im[i]
		}
	}
	for half := 1; half < fftSize; half *= 2 {
		step := fftSize / 2 / half
		for start := 0; start < fftSize; start += 2 * half {
			for k := range half {
				c, s := f.cos[k*step], -f.sin[k*step]
				a, b := start+k, start+k+half
				xr, xi := re[b]*c-im[b]*s, re[b]*s+im[b]*c
				re[b], im[b] = re[a]-xr, im[a]-xi
				re[a], im[a] = re[a]+xr, im[a]+xi
			}
		}
	}
}
