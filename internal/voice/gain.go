package voice

import (
	"math"

	"nearend/internal/pcm"
)

// Levels are in dB relative to full scale.
const (
	// target is the wanted level of speech, and the gains that may lead there.
	target    = -20.0
	mostGain  = 24.0
	leastGain = -12.0
	// noiseCeiling bounds how loud a quiet room may become.
	noiseCeiling = -50.0
	// above is how far speech stands out of the noise, and quietest the lowest
	// level that is taken for speech.
	above    = 9.0
	quietest = -60.0
	// Speeds in dB a frame of 10 ms: of the gain, and of the noise floor's rise.
	gainUp    = 0.06
	gainDown  = 0.2
	floorRise = 0.02
	// Smoothing of the speech level a frame: up faster than down, so that it
	// follows the loud parts of speech and not its gaps.
	levelUp   = 0.06
	levelDown = 0.015
	// ceiling is what no sample exceeds after the limiter, -1 dBFS, and release
	// its envelope's decay a sample: 50 ms.
	ceiling = 0.89125
	release = 0.999583
)

// gain brings speech to an even level: a slow gain by the level of what is
// speech, and behind it a limiter for what is suddenly loud.
type gain struct {
	floor float64
	// level is the speech level, heard whether there was any.
	level float64
	heard bool
	// gain is in force at the end of the last frame, in dB.
	gain     float64
	envelope float32
}

func newGain() *gain { return &gain{floor: -50} }

func (g *gain) process(frame *[pcm.FrameSamples]float32) {
	level := 10 * math.Log10(meanSquare(frame)+1e-10)
	g.listen(level)
	from := amplitude(g.gain)
	g.steer()
	to := amplitude(g.gain)
	step := (to - from) / pcm.FrameSamples
	for i, v := range frame {
		from += step
		frame[i] = g.limit(v * from)
	}
}

// listen updates noise floor and speech level.
func (g *gain) listen(level float64) {
	if level < g.floor {
		g.floor += 0.2 * (level - g.floor)
	} else {
		g.floor += floorRise
	}
	if level < g.floor+above || level < quietest {
		return
	}
	switch {
	case !g.heard:
		g.heard, g.level = true, level
	case level > g.level:
		g.level += levelUp * (level - g.level)
	default:
		g.level += levelDown * (level - g.level)
	}
}

// steer moves the gain towards what the level asks for.
func (g *gain) steer() {
	if !g.heard {
		return
	}
	want := min(target-g.level, mostGain, max(noiseCeiling-g.floor, 0))
	want = max(want, leastGain)
	g.gain += max(-gainDown, min(gainUp, want-g.gain))
}

// limit keeps a sample below the ceiling.
func (g *gain) limit(v float32) float32 {
	g.envelope = max(max(v, -v), g.envelope*release)
	if g.envelope > ceiling {
		return v * ceiling / g.envelope
	}
	return v
}

// amplitude converts decibels.
func amplitude(decibels float64) float32 { return float32(math.Pow(10, decibels/20)) }
