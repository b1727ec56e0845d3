package media

import (
	"sync/atomic"
	"time"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// output is one playout device and the mix that it plays.
type output struct {
	engine *Engine
	id     string // as asked for; empty follows the default
	taps   atomic.Pointer[[]*tap]
	leads  atomic.Pointer[[]*receiver] // the receivers that it pulls
	ears   atomic.Pointer[[]*chain]    // the echo cancellers that hear it
	mono   [pcm.FrameSamples]int16
	move   chan struct{}
	stop   chan struct{}
	done   chan struct{}

	device audio.Device // guarded by Engine.mu, as all below
	open   bool
	failed error
	idle   int // polls without taps
}

func newOutput(e *Engine, id string) *output {
	o := &output{
		engine: e, id: id,
		move: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	o.taps.Store(&[]*tap{})
	o.leads.Store(&[]*receiver{})
	o.ears.Store(&[]*chain{})
	return o
}

// run opens the device and plays until close, through loss and return.
func (o *output) run() {
	defer close(o.done)
	for {
		stream, device, err := o.engine.openPlayout(o.id)
		o.engine.outputOpened(o, device, err)
		if err == nil {
			again := o.play(stream)
			stream.Close()
			if !again {
				return
			}
			o.engine.outputLost(o)
			continue
		}
		select {
		case <-o.stop:
			return
		case <-o.move:
		case <-time.After(retry):
		}
	}
}

// play writes mixed frames until the device is lost (true) or the output
// closed.
func (o *output) play(stream audio.Playout) bool {
	var (
		mix     pcm.Mix
		frame   [2 * pcm.FrameSamples]int16
		pending bool
	)
	for {
		select {
		case <-o.stop:
			return false
		case <-stream.Lost():
			return true
		case <-o.move:
			return true
		case <-stream.Ready():
			if !pending {
				o.mix(&mix, frame[:])
			}
			pending = !stream.Write(frame[:])
		}
	}
}

// mix makes the next frame: it pulls the receivers that it leads, then adds up
// the taps.
func (o *output) mix(mix *pcm.Mix, frame []int16) {
	now := time.Now()
	for _, r := range *o.leads.Load() {
		r.lead(now)
	}
	mix.Reset()
	left := false
	for _, t := range *o.taps.Load() {
		left = t.mix(mix) || left
	}
	mix.Stereo(frame)
	if ears := *o.ears.Load(); len(ears) > 0 {
		pcm.Mono(o.mono[:], frame)
		for _, c := range ears {
			c.render(o.mono[:])
		}
	}
	if left {
		o.engine.prune(o)
	}
}

// close ends the output and waits. Engine.mu must not be held.
func (o *output) close() {
	close(o.stop)
	<-o.done
}
