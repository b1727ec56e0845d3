package audiotest

import (
	"slices"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// captureFrames is how many frames a stream keeps for a slow reader.
const captureFrames = 8

// Input is a microphone of the test.
type Input struct {
	system  *System
	device  audio.Device
	queue   []int16
	source  func(frame []int16)
	echo    *Output
	gain    float64
	streams []*capture
	frame   [pcm.FrameSamples]int16
}

// Say queues samples, mono at 48 kHz; silence follows them.
func (in *Input) Say(samples []int16) {
	in.system.mu.Lock()
	defer in.system.mu.Unlock()
	in.queue = append(in.queue, samples...)
}

// Pending is the number of samples that Say queued and nobody heard yet.
func (in *Input) Pending() int {
	in.system.mu.Lock()
	defer in.system.mu.Unlock()
	return len(in.queue)
}

// SetSource makes source fill each frame, zeroed before, that Say leaves
// unfilled. It is called in ticks and must not call the System.
func (in *Input) SetSource(source func(frame []int16)) {
	in.system.mu.Lock()
	defer in.system.mu.Unlock()
	in.source = source
}

// Echo adds what out plays, mixed down and multiplied by gain, to what is
// heard: a loudspeaker beside the microphone.
func (in *Input) Echo(out *Output, gain float64) {
	in.system.mu.Lock()
	defer in.system.mu.Unlock()
	in.echo, in.gain = out, gain
}

func (in *Input) open() *capture {
	c := &capture{input: in, ready: make(chan struct{}, 1), lost: make(chan struct{})}
	in.streams = append(in.streams, c)
	return c
}

func (in *Input) tick() {
	frame := in.frame[:]
	clear(frame)
	if n := copy(frame, in.queue); n > 0 {
		in.queue = in.queue[n:]
	} else if in.source != nil {
		in.source(frame)
	}
	if in.echo != nil {
		for i := range frame {
			far := (float64(in.echo.frame[2*i]) + float64(in.echo.frame[2*i+1])) / 2
			frame[i] = clip(float64(frame[i]) + in.gain*far)
		}
	}
	for _, c := range in.streams {
		c.push(frame)
	}
}

// capture implements audio.Capture under its system's lock.
type capture struct {
	input    *Input
	frames   [][]int16
	overruns uint64
	ready    chan struct{}
	lost     chan struct{}
	gone     bool
}

func (c *capture) push(frame []int16) {
	if len(c.frames) == captureFrames {
		c.overruns++
		return
	}
	c.frames = append(c.frames, slices.Clone(frame))
	wake(c.ready)
}

func (c *capture) lose() {
	if !c.gone {
		c.gone = true
		close(c.lost)
	}
}

func (c *capture) Ready() <-chan struct{} { return c.ready }
func (c *capture) Lost() <-chan struct{}  { return c.lost }

func (c *capture) Read(frame []int16) bool {
	c.input.system.mu.Lock()
	defer c.input.system.mu.Unlock()
	if c.gone || len(c.frames) == 0 || len(frame) < pcm.FrameSamples {
		return false
	}
	copy(frame, c.frames[0])
	c.frames = c.frames[1:]
	if len(c.frames) > 0 {
		wake(c.ready)
	}
	return true
}

func (c *capture) Overruns() uint64 {
	c.input.system.mu.Lock()
	defer c.input.system.mu.Unlock()
	return c.overruns
}

func (c *capture) Close() error {
	c.input.system.mu.Lock()
	defer c.input.system.mu.Unlock()
	c.input.streams = slices.DeleteFunc(c.input.streams, func(o *capture) bool { return o == c })
	c.frames = nil
	return nil
}

// wake puts a value into a channel of one place unless there is one.
func wake(ready chan struct{}) {
	select {
	case ready <- struct{}{}:
	default:
	}
}
