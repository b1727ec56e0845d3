package media

import (
	"sync/atomic"
	"time"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

const (
	// stall is how long a device may give nothing before silence is fed.
	stall = 60 * time.Millisecond
	// retry is the time between attempts to open a lost device, giveUp how
	// long they go on before the tracks end.
	retry  = 300 * time.Millisecond
	giveUp = 10 * time.Second
)

// microphone is one capture device, shared by tracks.
type microphone struct {
	chains atomic.Pointer[[]*chain] // changes under Engine.mu
	engine *Engine
	id     string // as asked for; empty follows the default
	move   chan struct{}
	stop   chan struct{}
	done   chan struct{}

	device audio.Device // in use; guarded by Engine.mu
	lost   bool         // guarded by Engine.mu
}

func newMicrophone(e *Engine, id string, device audio.Device) *microphone {
	m := &microphone{
		engine: e, id: id, device: device,
		move: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	m.chains.Store(&[]*chain{})
	return m
}

// feed gives a frame to every chain.
func (m *microphone) feed(frame []int16, at time.Time) {
	for _, c := range *m.chains.Load() {
		c.capture(frame, at)
	}
}

// run feeds the tracks until close, through loss and return of the device.
func (m *microphone) run(stream audio.Capture) {
	defer close(m.done)
	for {
		again := m.read(stream)
		stream.Close()
		if !again {
			return
		}
		m.engine.microphoneLost(m)
		if stream = m.reopen(); stream == nil {
			return
		}
	}
}

// read feeds frames until the device is lost (true) or the microphone closed.
func (m *microphone) read(stream audio.Capture) bool {
	var frame [pcm.FrameSamples]int16
	idle := time.NewTimer(stall)
	defer idle.Stop()
	for {
		select {
		case <-m.stop:
			return false
		case <-stream.Lost():
			return true
		case <-m.move:
			return true
		case <-stream.Ready():
			for stream.Read(frame[:]) {
				m.feed(frame[:], time.Now())
			}
			idle.Reset(stall)
		case now := <-idle.C:
			m.feed(silence[:], now)
			idle.Reset(pcm.FrameDuration)
		}
	}
}

// reopen feeds silence while it tries to open the device again, or else the
// default. It returns nil when the microphone is closed or all hope is gone.
func (m *microphone) reopen() audio.Capture {
	type opened struct {
		stream audio.Capture
		device audio.Device
	}
	result := make(chan opened, 1)
	abandon := make(chan struct{})
	go func() {
		defer close(result)
		deadline := time.Now().Add(giveUp)
		for time.Now().Before(deadline) {
			if stream, device, err := m.engine.openCapture(m.id, true); err == nil {
				result <- opened{stream, device}
				return
			}
			select {
			case <-abandon:
				return
			case <-time.After(retry):
			}
		}
	}()
	defer func() {
		close(abandon)
		for left := range result { // waits for the goroutine
			left.stream.Close()
		}
	}()
	tick := time.NewTicker(pcm.FrameDuration)
	defer tick.Stop()
	for {
		select {
		case <-m.stop:
			return nil
		case r, ok := <-result:
			if !ok {
				m.engine.microphoneEnded(m)
				return nil
			}
			m.engine.microphoneBack(m, r.device)
			return r.stream
		case now := <-tick.C:
			m.feed(silence[:], now)
		}
	}
}

// close ends the microphone and waits. Engine.mu must not be held.
func (m *microphone) close() {
	close(m.stop)
	<-m.done
}

// wake puts a value into a channel of one place unless there is one.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
