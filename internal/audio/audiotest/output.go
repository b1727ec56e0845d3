package audiotest

import (
	"slices"
	"time"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// playoutFrames is how many frames a stream queues.
const playoutFrames = 2

// Output is a loudspeaker of the test.
type Output struct {
	system  *System
	device  audio.Device
	heard   []int16
	streams []*playout
	frame   [2 * pcm.FrameSamples]int16
}

// Heard returns all that was played so far, stereo interleaved at 48 kHz,
// from the first tick with an open stream on; silence included.
func (out *Output) Heard() []int16 {
	out.system.mu.Lock()
	defer out.system.mu.Unlock()
	return slices.Clone(out.heard)
}

// Forget empties what Heard returns.
func (out *Output) Forget() {
	out.system.mu.Lock()
	defer out.system.mu.Unlock()
	out.heard = nil
}

func (out *Output) open() *playout {
	p := &playout{output: out, ready: make(chan struct{}, 1), lost: make(chan struct{})}
	wake(p.ready)
	out.streams = append(out.streams, p)
	return p
}

func (out *Output) tick() {
	clear(out.frame[:])
	for _, p := range out.streams {
		frame := p.pull()
		for i, v := range frame {
			out.frame[i] = clip(float64(out.frame[i]) + float64(v))
		}
	}
	if len(out.streams) > 0 {
		out.heard = append(out.heard, out.frame[:]...)
	}
}

// playout implements audio.Playout under its system's lock.
type playout struct {
	output    *Output
	frames    [][]int16
	underruns uint64
	ready     chan struct{}
	lost      chan struct{}
	gone      bool
}

func (p *playout) pull() []int16 {
	wake(p.ready)
	if len(p.frames) == 0 {
		p.underruns++
		return nil
	}
	frame := p.frames[0]
	p.frames = p.frames[1:]
	return frame
}

func (p *playout) lose() {
	if !p.gone {
		p.gone = true
		close(p.lost)
	}
}

func (p *playout) Ready() <-chan struct{} { return p.ready }
func (p *playout) Lost() <-chan struct{}  { return p.lost }

func (p *playout) Write(frame []int16) bool {
	p.output.system.mu.Lock()
	defer p.output.system.mu.Unlock()
	if p.gone || len(p.frames) == playoutFrames || len(frame) < 2*pcm.FrameSamples {
		return false
	}
	p.frames = append(p.frames, slices.Clone(frame[:2*pcm.FrameSamples]))
	if len(p.frames) < playoutFrames {
		wake(p.ready)
	}
	return true
}

func (p *playout) Underruns() uint64 {
	p.output.system.mu.Lock()
	defer p.output.system.mu.Unlock()
	return p.underruns
}

func (p *playout) Delay() time.Duration {
	p.output.system.mu.Lock()
	defer p.output.system.mu.Unlock()
	return time.Duration(1+len(p.frames)) * pcm.FrameDuration
}

func (p *playout) Close() error {
	p.output.system.mu.Lock()
	defer p.output.system.mu.Unlock()
	p.output.streams = slices.DeleteFunc(p.output.streams, func(o *playout) bool { return o == p })
	p.frames = nil
	return nil
}
