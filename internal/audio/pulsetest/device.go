package pulsetest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Microphone is a virtual microphone: what is played into its feed is what it
// hears.
type Microphone struct {
	virtual
	// Source is the microphone's name in PulseAudio.
	Source string
	// Feed is the monitor of the feed: record it for the truth of what was said.
	Feed string
}

// Speaker is a virtual loudspeaker.
type Speaker struct {
	virtual
	// Sink is the loudspeaker's name in PulseAudio.
	Sink string
	// Monitor is the source that hears what the loudspeaker plays.
	Monitor string
}

// NewMicrophone plugs in a mono microphone. The description is what people
// see as its label.
func (s *Server) NewMicrophone(name, description string) (*Microphone, error) {
	feed := name + "_feed"
	m := &Microphone{
		Source: name,
		Feed:   feed + ".monitor",
		virtual: virtual{server: s, sink: feed, modules: [][]string{
			{"module-null-sink", "sink_name=" + feed, "rate=48000", "channels=1", "format=s16le", described("sink", name+" feed")},
			{"module-remap-source", "source_name=" + name, "master=" + feed + ".monitor", described("source", description)},
		}},
	}
	return m, s.add(&m.virtual)
}

// NewSpeaker plugs in a stereo loudspeaker.
func (s *Server) NewSpeaker(name, description string) (*Speaker, error) {
	p := &Speaker{
		Sink:    name,
		Monitor: name + ".monitor",
		virtual: virtual{server: s, sink: name, modules: [][]string{
			{"module-null-sink", "sink_name=" + name, "rate=48000", "channels=2", "format=s16le", described("sink", description)},
		}},
	}
	return p, s.add(&p.virtual)
}

// described is a module argument that sets a device's description.
func described(kind, description string) string {
	quoted := strings.NewReplacer(`\`, ``, `"`, ``, `'`, ``).Replace(description)
	return fmt.Sprintf(`%s_properties="device.description='%s'"`, kind, quoted)
}

func (s *Server) add(v *virtual) error {
	if err := v.plug(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices = append(s.devices, v)
	return nil
}

// virtual is a null sink and what hangs on it.
type virtual struct {
	server  *Server
	sink    string
	modules [][]string

	mu     sync.Mutex
	loaded []string
	// quiet plays silence all the time: a null sink that nobody uses sleeps for
	// up to two seconds before its first sound.
	quiet *exec.Cmd
}

// Plug plugs the device in again after Unplug.
func (v *virtual) Plug() error { return v.plug() }

// Unplug removes the device, as pulling a cable does.
func (v *virtual) Unplug() error {
	v.mu.Lock()
	loaded := v.loaded
	v.loaded = nil
	v.mu.Unlock()
	for i := len(loaded) - 1; i >= 0; i-- {
		if _, err := v.server.Pactl("unload-module", loaded[i]); err != nil {
			return err
		}
	}
	v.unplugged()
	return nil
}

func (v *virtual) plug() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.loaded) > 0 {
		return nil
	}
	for _, module := range v.modules {
		index, err := v.server.Pactl(append([]string{"load-module"}, module...)...)
		if err != nil {
			return err
		}
		v.loaded = append(v.loaded, index)
	}
	return v.awaken()
}

// awaken keeps the sink busy with silence and waits until it runs.
func (v *virtual) awaken() error {
	zero, err := os.Open("/dev/zero")
	if err != nil {
		return err
	}
	defer zero.Close()
	quiet := v.server.command(context.Background(), "pacat", "--playback", "--raw", "--rate=8000", "--channels=1",
		"--format=s16le", "--latency-msec=20", "--device="+v.sink)
	quiet.Stdin = zero
	if err := quiet.Start(); err != nil {
		return fmt.Errorf("pulsetest: %w (install the package pulseaudio-utils)", err)
	}
	v.quiet = quiet
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	listener := v.server.command(ctx, "parec", "--raw", "--rate=48000", "--channels=1", "--format=s16le",
		"--latency-msec=10", "--device="+v.sink+".monitor")
	out, err := listener.StdoutPipe()
	if err != nil {
		return err
	}
	if err := listener.Start(); err != nil {
		return err
	}
	// A tenth of a second of it says that the sink has its beat.
	_, err = io.CopyN(io.Discard, out, Rate/10*2)
	listener.Process.Kill()
	listener.Wait()
	if err != nil {
		return fmt.Errorf("pulsetest: %s does not run: %w", v.sink, err)
	}
	return nil
}

// unplugged forgets what ended with the device or the daemon.
func (v *virtual) unplugged() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.loaded = nil
	if v.quiet != nil {
		v.quiet.Process.Kill()
		v.quiet.Wait()
		v.quiet = nil
	}
}

// Play plays mono samples into the microphone and returns when the last one
// has been heard, or with the context's error.
func (m *Microphone) Play(ctx context.Context, samples []int16) error {
	return m.server.Play(ctx, m.sink, samples)
}

// playLatency is long: shorter ones let the feed run empty on a busy machine.
const playLatency = 250 * time.Millisecond
