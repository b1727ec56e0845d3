package jitter

import "math"

// noiseOrder bounds the spectral model of comfort noise.
const noiseOrder = 12

// noise makes comfort noise (RFC 3389): white noise through an all-pole lattice
// of the reflection coefficients that the sender measured.
type noise struct {
	gain         float64
	coefficients [noiseOrder]float64
	order        int
	state        [noiseOrder + 1]float64
	seed         uint32
	active       bool
}

// describe takes a payload: a level in -dBov, then coefficients (section 3).
func (n *noise) describe(payload []byte) {
	if len(payload) == 0 {
		return
	}
	n.active = true
	level := float64(payload[0] & 0x7f)
	n.order = min(len(payload)-1, noiseOrder)
	// The lattice amplifies: the gain makes up for it.
	power := 1.0
	for i := range n.order {
		k := float64(int(payload[1+i])-127) / 128
		n.coefficients[i] = max(-0.98, min(0.98, k))
		power *= 1 - n.coefficients[i]*n.coefficients[i]
	}
	// Uniform noise of amplitude 1 has a mean square of a third.
	n.gain = 32768 * math.Pow(10, -level/20) * math.Sqrt(3*power)
}

// fill writes noise.
func (n *noise) fill(out []int16) {
	for i := range out {
		n.seed = n.seed*1664525 + 1013904223
		f := n.gain * (float64(int32(n.seed)) / (1 << 31))
		for k := n.order - 1; k >= 0; k-- {
			f -= n.coefficients[k] * n.state[k]
			n.state[k+1] = n.state[k] + n.coefficients[k]*f
		}
		n.state[0] = f
		out[i] = int16(max(-32768, min(32767, f)))
	}
}
