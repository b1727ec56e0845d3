package jitter

import (
	"math"

	"nearend/internal/pcm"
)

// concealer continues a waveform whose packets are lost, after the method of
// ITU-T G.711 Appendix I: the last pitch period is repeated, after 10 ms the
// last two and after 20 ms the last three, so that it does not sound like a
// buzzer; from 10 ms on it fades by a fifth each 10 ms, to silence after 60.
type concealer struct {
	rate     int
	source   []int16 // the last three periods and a quarter
	wheel    []int16 // the periods being repeated, joined end to end
	period   int
	periods  int
	position int
	done     int     // samples made so far
	jump     float64 // difference at the first seam, fading out
}

func newConcealer(rate int) concealer {
	longest := rate*15/1000 + 1
	return concealer{
		rate:   rate,
		source: make([]int16, 0, 4*longest),
		wheel:  make([]int16, 0, 3*longest),
	}
}

// begin learns from the past, which ends where the loss begins.
func (c *concealer) begin(past []int16) {
	c.period = pitch(past, c.rate)
	need := min(len(past), 3*c.period+c.period/4)
	c.source = append(c.source[:0], past[len(past)-need:]...)
	c.position, c.done, c.periods = 0, 0, 0
	c.turn(1)
	n := len(c.source)
	c.jump = float64(c.source[n-1]) - float64(c.source[n-1-c.period])
}

// turn joins the last n periods into a wheel: its last quarter period fades
// into what came before its first sample.
func (c *concealer) turn(n int) {
	size := n * c.period
	quarter := c.period / 4
	if size+quarter > len(c.source) {
		return
	}
	start := len(c.source) - size
	c.wheel = append(c.wheel[:0], c.source[start:]...)
	fade(c.wheel[size-quarter:], c.source[len(c.source)-quarter:], c.source[start-quarter:start])
	// The position stays at the same point of the period, in the newest one.
	c.position = size - c.period + c.position%c.period
	if c.periods == 0 {
		c.position = 0
	}
	c.periods = n
}

// fill writes the continuation and reports whether it is silent.
func (c *concealer) fill(out []int16) (silent bool) {
	frame := c.rate / 100
	settle := float64(c.rate) / 500
	for i := range out {
		if c.done == frame {
			c.turn(2)
		} else if c.done == 2*frame {
			c.turn(3)
		}
		gain := 1.0
		if c.done > frame {
			gain = 1 - 0.2*float64(c.done-frame)/float64(frame)
		}
		if gain <= 0 {
			clear(out[i:])
			c.done += len(out) - i
			return i == 0
		}
		v := float64(c.wheel[c.position])
		if c.done < c.rate/100 {
			v += c.jump * math.Exp(-float64(c.done)/settle)
		}
		out[i] = pcm.Saturate(int32(v * gain))
		c.position = (c.position + 1) % len(c.wheel)
		c.done++
	}
	return false
}

// pitch is the period, 5 to 15 ms, at which the last 20 ms of past resemble
// what came before them, in samples.
func pitch(past []int16, rate int) int {
	window := rate / 50
	least, most := rate/200, min(rate*15/1000, len(past)-window)
	step := max(1, rate/coarseRate)
	best, score := least, -1.0
	try := func(lag, step int) {
		a, b := past[len(past)-window:], past[len(past)-window-lag:]
		var ab, bb float64
		for i := 0; i < window; i += step {
			ab += float64(a[i]) * float64(b[i])
			bb += float64(b[i]) * float64(b[i])
		}
		if s := ab / math.Sqrt(bb+1); s > score {
			best, score = lag, s
		}
	}
	for lag := least; lag <= most; lag += step {
		try(lag, step)
	}
	if step > 1 {
		coarse := best
		score = -1
		for lag := max(least, coarse-step+1); lag <= min(most, coarse+step-1); lag++ {
			try(lag, 1)
		}
	}
	return best
}
