package jitter

import (
	"math"
	"testing"

	"nearend/internal/pcm"
)

// step is the largest difference between neighbours.
func step(x []int16) int {
	largest := 0
	for i := 1; i < len(x); i++ {
		largest = max(largest, int(x[i])-int(x[i-1]), int(x[i-1])-int(x[i]))
	}
	return largest
}

// filled returns a line of a steady voice with two frames ahead.
func filled(rate int) (*line, []int16) {
	l := newLine(rate)
	x := make([]int16, rate/10)
	for i := range x {
		p := 2 * math.Pi * 150 * float64(i) / float64(rate)
		x[i] = int16(6000*math.Sin(p) + 2500*math.Sin(2*p+1) + 1200*math.Sin(3*p+2))
	}
	ahead := 2 * l.frame
	l.at, l.end = l.frame*pastFrames, l.frame*pastFrames
	copy(l.samples[l.at-l.frame*pastFrames:], x[:l.frame*pastFrames])
	copy(l.room(ahead), x[l.frame*pastFrames:])
	l.add(ahead)
	return &l, x
}

func TestStretchingIsSeamless(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		period := rate / 150
		l, x := filled(rate)
		before := l.waiting()
		n := l.accelerate(rate, before/2, alike)
		if n < period-2 || n > period+2 || l.waiting() != before-n {
			t.Errorf("%d Hz: left out %d samples, a period has %d", rate, n, period)
		}
		if got := step(l.samples[l.at-2*period : l.end]); got > step(x)+step(x)/4 {
			t.Errorf("%d Hz: accelerated with a step of %d, the voice has %d", rate, got, step(x))
		}
		l, _ = filled(rate)
		n = l.expand(rate, rate/100, alike)
		if n < period-2 || n > period+2 || l.waiting() != before+n {
			t.Errorf("%d Hz: repeated %d samples, a period has %d", rate, n, period)
		}
		if got := step(l.samples[l.at-2*period : l.end]); got > step(x)+step(x)/4 {
			t.Errorf("%d Hz: expanded with a step of %d, the voice has %d", rate, got, step(x))
		}
	}
}

func TestStretchingSparesWhatDoesNotRepeat(t *testing.T) {
	l := newLine(8000)
	random := gaussian(3)
	room := l.room(160)
	for i := range room {
		room[i] = int16(random.NormFloat64() * 5000)
	}
	l.add(160)
	if n := l.accelerate(8000, 80, alike); n != 0 {
		t.Errorf("left %d samples of noise out", n)
	}
}

// TestConcealmentContinuesAVoice compares with the voice itself.
func TestConcealmentContinuesAVoice(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		l, x := filled(rate)
		past := x[:l.frame*pastFrames]
		c := newConcealer(rate)
		c.begin(past)
		out := make([]int16, 10*l.frame)
		silent := false
		for i := 0; i < len(out); i += l.frame {
			silent = c.fill(out[i : i+l.frame])
		}
		var signal, noise float64
		for i := range l.frame { // before the fade
			s, d := float64(x[len(past)+i]), float64(out[i])
			signal += s * s
			noise += (s - d) * (s - d)
		}
		if snr := 10 * math.Log10(signal/noise); snr < 12 {
			t.Errorf("%d Hz: the first 10 ms have an SNR of %.1f dB", rate, snr)
		}
		if got := step(append(append([]int16(nil), past...), out...)); got > step(x)+step(x)/3 {
			t.Errorf("%d Hz: a step of %d, the voice has %d", rate, got, step(x))
		}
		if p := pcm.Power(out[l.frame:2*l.frame]) / pcm.Power(out[4*l.frame:5*l.frame]); p < 2 {
			t.Errorf("%d Hz: it does not fade: %v", rate, p)
		}
		if !silent || pcm.Peak(out[7*l.frame:]) != 0 {
			t.Errorf("%d Hz: it does not end", rate)
		}
	}
}
