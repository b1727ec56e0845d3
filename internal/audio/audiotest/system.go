// Package audiotest is a sound system made of memory. Tests plug devices in,
// say what the microphones hear and read what the loudspeakers played.
//
// Time moves by whole frames. Tick moves it by one, which makes a test
// deterministic; Run ticks every 10 ms of the clock that the test lives in:
// real time, or the fake time of a testing/synctest bubble.
//
//	system := audiotest.New()
//	mic := system.PlugInput("mic", "Microphone")
//	speaker := system.PlugOutput("spk", "Speaker")
//	mic.Say(audiotest.Tone(440, 0.5, 100)) // a second of it
//	... open, run what is tested ...
//	system.Tick()
//	heard := speaker.Heard()
package audiotest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// System implements audio.System.
type System struct {
	mu      sync.Mutex
	closed  bool
	inputs  []*Input
	outputs []*Output
	fault   error
	stop    chan struct{}
	done    chan struct{}
}

var _ audio.System = (*System)(nil)

// New returns a system without devices.
func New() *System { return &System{} }

// PlugInput adds a microphone that hears silence. The first is the default.
func (s *System) PlugInput(id, name string) *Input {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := &Input{system: s, device: audio.Device{ID: id, Name: name, Kind: audio.Input, Default: len(s.inputs) == 0}}
	s.inputs = append(s.inputs, in)
	return in
}

// PlugOutput adds a loudspeaker. The first is the default.
func (s *System) PlugOutput(id, name string) *Output {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &Output{system: s, device: audio.Device{ID: id, Name: name, Kind: audio.Output, Default: len(s.outputs) == 0}}
	s.outputs = append(s.outputs, out)
	return out
}

// Unplug removes the devices named id: their streams are lost, and the first
// device left of a kind becomes its default if the default went.
func (s *System) Unplug(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inputs = slices.DeleteFunc(s.inputs, func(in *Input) bool {
		if in.device.ID != id {
			return false
		}
		for _, c := range in.streams {
			c.lose()
		}
		in.streams = nil
		return true
	})
	s.outputs = slices.DeleteFunc(s.outputs, func(out *Output) bool {
		if out.device.ID != id {
			return false
		}
		for _, p := range out.streams {
			p.lose()
		}
		out.streams = nil
		return true
	})
	if len(s.inputs) > 0 && !slices.ContainsFunc(s.inputs, func(in *Input) bool { return in.device.Default }) {
		s.inputs[0].device.Default = true
	}
	if len(s.outputs) > 0 && !slices.ContainsFunc(s.outputs, func(out *Output) bool { return out.device.Default }) {
		s.outputs[0].device.Default = true
	}
}

// SetDefault makes the devices named id the defaults of their kinds. Open
// streams stay where they are.
func (s *System) SetDefault(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.inputs, func(in *Input) bool { return in.device.ID == id }) {
		for _, in := range s.inputs {
			in.device.Default = in.device.ID == id
		}
	}
	if slices.ContainsFunc(s.outputs, func(out *Output) bool { return out.device.ID == id }) {
		for _, out := range s.outputs {
			out.device.Default = out.device.ID == id
		}
	}
}

// FailOpen makes every opening fail with err, as a device does that another
// program holds; nil ends that.
func (s *System) FailOpen(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

// Devices implements audio.System.
func (s *System) Devices() ([]audio.Device, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, audio.ErrClosed
	}
	var list []audio.Device
	for _, in := range s.inputs {
		list = append(list, in.device)
	}
	for _, out := range s.outputs {
		list = append(list, out.device)
	}
	return list, nil
}

// OpenCapture implements audio.System.
func (s *System) OpenCapture(id string) (audio.Capture, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refusal(); err != nil {
		return nil, err
	}
	for _, in := range s.inputs {
		if is(in.device, id) {
			return in.open(), nil
		}
	}
	return nil, fmt.Errorf("%w: input %q", audio.ErrNoDevice, id)
}

// OpenPlayout implements audio.System.
func (s *System) OpenPlayout(id string) (audio.Playout, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refusal(); err != nil {
		return nil, err
	}
	for _, out := range s.outputs {
		if is(out.device, id) {
			return out.open(), nil
		}
	}
	return nil, fmt.Errorf("%w: output %q", audio.ErrNoDevice, id)
}

func (s *System) refusal() error {
	if s.closed {
		return audio.ErrClosed
	}
	return s.fault
}

// Open counts the streams that are open and not lost.
func (s *System) Open() (captures, playouts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, in := range s.inputs {
		captures += len(in.streams)
	}
	for _, out := range s.outputs {
		playouts += len(out.streams)
	}
	return captures, playouts
}

// Tick moves every device on by one frame: outputs play first, then inputs
// hear, so that Input.Echo reads what was played in the same tick.
func (s *System) Tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, out := range s.outputs {
		out.tick()
	}
	for _, in := range s.inputs {
		in.tick()
	}
}

// Run ticks every 10 ms until Close.
func (s *System) Run() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil || s.closed {
		return
	}
	s.stop, s.done = make(chan struct{}), make(chan struct{})
	go func(stop, done chan struct{}) {
		defer close(done)
		ticker := time.NewTicker(pcm.FrameDuration)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.Tick()
			case <-stop:
				return
			}
		}
	}(s.stop, s.done)
}

// Close implements audio.System. It stops Run and loses streams still open.
func (s *System) Close() error {
	s.mu.Lock()
	stop, done := s.stop, s.done
	s.stop = nil
	s.closed = true
	for _, in := range s.inputs {
		for _, c := range in.streams {
			c.lose()
		}
		in.streams = nil
	}
	for _, out := range s.outputs {
		for _, p := range out.streams {
			p.lose()
		}
		out.streams = nil
	}
	s.mu.Unlock()
	if stop != nil {
		close(stop)
		<-done
	}
	return nil
}

// is reports whether id names device, the empty id naming the default.
func is(device audio.Device, id string) bool {
	return device.ID == id || id == "" && device.Default
}
