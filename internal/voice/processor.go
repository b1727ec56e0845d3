// Package voice makes a microphone fit for a call: it removes the echo of the
// loudspeaker, suppresses noise and controls the gain, each of them only when
// asked to. With all of them off samples pass untouched.
//
//	capture ──▶ echo canceller ──▶ noise suppressor ──▶ gain control ──▶
//	                  ▲
//	Render ──▶ ring ──┘
//
// Frames are pcm.FrameSamples of mono at 48 kHz. The echo canceller delays the
// signal by its filter banks (about a millisecond), the noise suppressor by
// 5 ms, the gain control not at all.
package voice

import (
	"math"
	"sync"
	"sync/atomic"

	"nearend/internal/pcm"
)

// Options says what a Processor does (Media Capture and Streams, section 14:
// echoCancellation, noiseSuppression, autoGainControl).
type Options struct {
	EchoCancellation, NoiseSuppression, AutoGainControl bool
}

// farFrames bounds what Render leaves for Capture; what comes while it is full
// is dropped.
const farFrames = 50

// Processor processes one microphone. One goroutine may call Render, another
// Capture, any the rest.
type Processor struct {
	// far carries frames from Render to Capture while listening.
	far       *pcm.Ring
	listening atomic.Bool

	mu         sync.Mutex
	options    Options
	echo       *echo
	suppressor *suppressor
	gain       *gain
	frame      [pcm.FrameSamples]float32
	farFrame   [pcm.FrameSamples]int16
}

// New returns a processor with the given options.
func New(options Options) (*Processor, error) {
	p := &Processor{far: pcm.NewRing(farFrames * pcm.FrameSamples)}
	if err := p.SetOptions(options); err != nil {
		return nil, err
	}
	return p, nil
}

// SetOptions changes what is done from the next frame on. What stays on keeps
// what it has learnt. The error says that there is no memory for an echo
// canceller; then nothing has changed.
func (p *Processor) SetOptions(options Options) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case options.EchoCancellation && p.echo == nil:
		echo, err := newEcho()
		if err != nil {
			return err
		}
		// What was left from last time is too old.
		p.far.Discard(p.far.Len())
		p.echo = echo
		p.listening.Store(true)
	case !options.EchoCancellation && p.echo != nil:
		p.listening.Store(false)
		p.echo.close()
		p.echo = nil
	}
	if !options.NoiseSuppression {
		p.suppressor = nil
	} else if p.suppressor == nil {
		p.suppressor = newSuppressor()
	}
	if !options.AutoGainControl {
		p.gain = nil
	} else if p.gain == nil {
		p.gain = newGain()
	}
	p.options = options
	return nil
}

// Options returns what is being done.
func (p *Processor) Options() Options {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options
}

// Render takes a frame of what the loudspeaker plays, as early as it is known.
// It never waits.
func (p *Processor) Render(frame []int16) {
	if p.listening.Load() && p.far.Cap()-p.far.Len() >= len(frame) {
		p.far.Write(frame)
	}
}

// Capture processes a frame of the microphone in place.
func (p *Processor) Capture(frame []int16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.options == (Options{}) || len(frame) != pcm.FrameSamples {
		return
	}
	for i, v := range frame {
		p.frame[i] = float32(v) / 32768
	}
	if p.echo != nil {
		p.echo.hear(p.far, p.farFrame[:])
		p.echo.process(&p.frame)
	}
	if p.suppressor != nil {
		p.suppressor.process(&p.frame)
	}
	if p.gain != nil {
		p.gain.process(&p.frame)
	}
	for i, v := range p.frame {
		frame[i] = int16(math.RoundToEven(float64(max(-32768, min(32767, v*32768)))))
	}
}

// Stats returns the echo return loss and its enhancement in dB (W3C WebRTC
// statistics, RTCAudioSourceStats). ok is false while echo cancellation is off
// or nothing has been played yet.
func (p *Processor) Stats() (erl, erle float64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.echo == nil {
		return 0, 0, false
	}
	return p.echo.stats()
}

// Close frees the processor; frames pass it untouched from then on.
func (p *Processor) Close() error { return p.SetOptions(Options{}) }
