package pcm

import (
	"math"
	"sync/atomic"
)

// Power is the mean square of samples, with full scale as 1.
func Power(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum int64
	for _, v := range samples {
		sum += int64(v) * int64(v)
	}
	return float64(sum) / float64(len(samples)) / (32768 * 32768)
}

// Peak is the largest magnitude of samples.
func Peak(samples []int16) int {
	peak := 0
	for _, v := range samples {
		peak = max(peak, int(v), -int(v))
	}
	return peak
}

// Decibels is the level of a mean square as RFC 6464 (section 3) carries it:
// -dBov, 0 loudest, 127 silence.
func Decibels(power float64) uint8 {
	if power <= 0 {
		return 127
	}
	return uint8(max(0, min(127, math.Round(-10*math.Log10(power)))))
}

// meterFrames is the length of the interval of a Meter's level: 30 ms.
const meterFrames = 3

// Meter measures frames as RTCAudioSourceStats and the inbound statistics ask
// (W3C Identifiers for WebRTC's Statistics API, totalAudioEnergy). One
// goroutine adds; any may read.
type Meter struct {
	recent   [meterFrames]float64
	at       int
	level    atomic.Uint64 // bits of a float64
	energy   atomic.Uint64 // bits of a float64
	duration atomic.Uint64 // in samples at Rate
}

// Add takes one frame of 10 ms.
func (m *Meter) Add(frame []int16) { m.AddPower(Power(frame)) }

// AddPower takes the mean square of one frame of 10 ms.
func (m *Meter) AddPower(power float64) {
	m.recent[m.at] = power
	m.at = (m.at + 1) % meterFrames
	sum := 0.0
	for _, p := range m.recent {
		sum += p
	}
	m.level.Store(math.Float64bits(math.Sqrt(sum / meterFrames)))
	energy := math.Float64frombits(m.energy.Load()) + power*FrameDuration.Seconds()
	m.energy.Store(math.Float64bits(energy))
	m.duration.Add(FrameSamples)
}

// Level is the linear RMS of the last 30 ms, 0 to 1.
func (m *Meter) Level() float64 { return math.Float64frombits(m.level.Load()) }

// Energy is the sum of duration times the square of the level; the square root
// of its growth over the growth of Duration is an average level.
func (m *Meter) Energy() float64 { return math.Float64frombits(m.energy.Load()) }

// Duration is the length of everything added, in seconds.
func (m *Meter) Duration() float64 { return float64(m.duration.Load()) / Rate }
