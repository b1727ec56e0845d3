package measure

import (
	"math"
	"strings"
)

// The rows and columns of ITU-T Q.23.
var (
	dtmfRows    = [4]float64{697, 770, 852, 941}
	dtmfColumns = [4]float64{1209, 1336, 1477, 1633}
	dtmfKeys    = [4]string{"123A", "456B", "789C", "*0#D"}
)

// DTMF returns the telephone tones of the recording in order. A tone counts
// from 30 ms on, a pause from 20 ms on (ITU-T Q.24: from 40 ms a tone must count,
// below 23 ms it must not).
func DTMF(r Recording) string {
	block := r.Rate / 50 // 20 ms resolve rows that are 70 Hz apart
	var keys strings.Builder
	var current byte
	var run int
	for start := 0; start+block <= len(r.Samples); start += block / 2 {
		key := dtmfKey(r.Samples[start:start+block], float64(r.Rate))
		if key != current {
			current, run = key, 0
		}
		if run++; current != 0 && run == 2 {
			keys.WriteByte(current)
		}
	}
	return keys.String()
}

// dtmfKey returns the key that the block holds, or 0: two tones that carry most
// of its energy and differ by no more than 10 dB.
func dtmfKey(block []float64, rate float64) byte {
	energy := dot(block, block)
	if energy/float64(len(block)) < 1e-5 {
		return 0
	}
	row, rowPower := strongest(block, rate, dtmfRows)
	column, columnPower := strongest(block, rate, dtmfColumns)
	// A pure tone of energy E has Goertzel power E*N/2.
	share := (rowPower + columnPower) / (energy * float64(len(block)) / 2)
	twist := rowPower / max(columnPower, 1e-12)
	if share < 0.7 || twist < 0.1 || twist > 10 {
		return 0
	}
	return dtmfKeys[row][column]
}

func strongest(block []float64, rate float64, tones [4]float64) (index int, power float64) {
	for i, hertz := range tones {
		if p := goertzel(block, hertz/rate); p > power {
			index, power = i, p
		}
	}
	return index, power
}

// goertzel is the power of one frequency, given in cycles a sample (Goertzel
// 1958).
func goertzel(block []float64, frequency float64) float64 {
	c := 2 * math.Cos(2*math.Pi*frequency)
	var s1, s2 float64
	for _, x := range block {
		s1, s2 = x+c*s1-s2, s1
	}
	return s1*s1 + s2*s2 - c*s1*s2
}
