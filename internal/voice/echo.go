package voice

import (
	"math"

	"nearend/internal/pcm"
	"nearend/internal/voice/aec3"
)

const (
	// patience is how many captures without anything rendered are taken as
	// jitter; later ones mean that the loudspeaker is silent.
	patience = 10
	// farActive is the mean square above which the far end counts as talking
	// (-50 dBFS), and echoTail how many frames its echo may last.
	farActive = 1e-5
	echoTail  = 30
	// forget is the weight of one frame in the powers of the statistics.
	forget = 0.02
)

// echo is the echo canceller and its statistics.
type echo struct {
	canceller *aec3.Canceller
	far       [pcm.FrameSamples]float32
	// missing counts captures since something was rendered.
	missing int

	// tail counts down the frames in which there may be echo; the powers are
	// means over these.
	tail                          int
	farPower, micPower, leftPower float64
}

func newEcho() (*echo, error) {
	canceller, err := aec3.New()
	if err != nil {
		return nil, err
	}
	return &echo{canceller: canceller}, nil
}

// hear takes all frames that were rendered since the last capture; frame is
// scratch.
func (e *echo) hear(ring *pcm.Ring, frame []int16) {
	e.missing++
	for ring.Len() >= len(frame) {
		ring.Read(frame)
		e.missing = 0
		for i, v := range frame {
			e.far[i] = float32(v) / 32768
		}
		e.render()
	}
	if e.missing > patience {
		clear(e.far[:])
		e.render()
	}
}

func (e *echo) render() {
	power := meanSquare(&e.far)
	if power > farActive {
		e.tail = echoTail
	}
	if e.tail > 0 {
		e.farPower += forget * (power - e.farPower)
	}
	e.check(e.canceller.Render(&e.far))
}

func (e *echo) process(frame *[pcm.FrameSamples]float32) {
	before := meanSquare(frame)
	e.check(e.canceller.Capture(frame))
	if e.tail == 0 {
		return
	}
	e.tail--
	e.micPower += forget * (before - e.micPower)
	e.leftPower += forget * (meanSquare(frame) - e.leftPower)
}

// check replaces a canceller that failed. Should there be no memory for that,
// the broken one stays: it leaves frames as they are.
func (e *echo) check(err error) {
	if err == nil {
		return
	}
	if canceller, err := aec3.New(); err == nil {
		e.canceller.Close()
		e.canceller = canceller
	}
}

func (e *echo) stats() (erl, erle float64, ok bool) {
	if e.farPower == 0 || e.micPower == 0 {
		return 0, 0, false
	}
	const least = 1e-10
	return 10 * math.Log10((e.farPower+least)/(e.micPower+least)),
		10 * math.Log10((e.micPower+least)/(e.leftPower+least)), true
}

func (e *echo) close() { e.canceller.Close() }

func meanSquare(frame *[pcm.FrameSamples]float32) float64 {
	var sum float64
	for _, v := range frame {
		sum += float64(v) * float64(v)
	}
	return sum / pcm.FrameSamples
}
