package miniaudio

import (
	"context"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/audio/pulsetest"
	"nearend/internal/pcm"
)

// desk is a sound server with a microphone, a loudspeaker and a cable from the
// loudspeaker to a second microphone.
type desk struct {
	*pulsetest.Server
	mic     *pulsetest.Microphone
	speaker *pulsetest.Speaker
}

var (
	deskOnce sync.Once
	theDesk  desk
	deskErr  error
)

// sharedDesk starts the sound server that the tests share: virtual devices
// take two seconds each to begin.
func sharedDesk(t *testing.T) desk {
	t.Helper()
	deskOnce.Do(func() {
		var dir string
		if dir, deskErr = os.MkdirTemp("", "pulse"); deskErr != nil {
			return
		}
		if theDesk.Server, deskErr = pulsetest.Start(dir); deskErr != nil {
			return
		}
		if theDesk.mic, deskErr = theDesk.NewMicrophone("desk_mic", "Desk microphone"); deskErr != nil {
			return
		}
		theDesk.speaker, deskErr = theDesk.NewSpeaker("desk_spk", "Desk speaker")
		if deskErr == nil {
			_, deskErr = theDesk.Pactl("load-module", "module-remap-source", "source_name=cable", "master=desk_spk.monitor",
				"channels=1", "source_properties=device.description=Cable")
		}
		if deskErr == nil {
			deskErr = theDesk.SetDefaultSource("desk_mic")
		}
		if deskErr == nil {
			deskErr = theDesk.SetDefaultSink("desk_spk")
		}
	})
	if deskErr != nil {
		t.Fatal(deskErr)
	}
	return theDesk
}

func TestMain(m *testing.M) {
	code := m.Run()
	if theDesk.Server != nil {
		theDesk.Stop()
	}
	os.Exit(code)
}

func open(t *testing.T, d desk) audio.System {
	t.Helper()
	system, err := New(zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.DebugLevel), Backends("pulseaudio"), PulseServer(d.Address()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { system.Close() })
	return system
}

func TestDevices(t *testing.T) {
	d := sharedDesk(t)
	list, err := open(t, d).Devices()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []audio.Device{
		{ID: "desk_mic", Name: "Desk microphone", Kind: audio.Input, Default: true},
		{ID: "desk_spk", Name: "Desk speaker", Kind: audio.Output, Default: true},
	} {
		if !slices.Contains(list, want) {
			t.Errorf("%+v is not among %+v", want, list)
		}
	}
	for _, device := range list {
		if device.Kind == audio.Input && device.ID == "desk_spk.monitor" {
			t.Error("a monitor is listed as a microphone")
		}
	}
}

// hear reads frames until enough of them are loud or the time is up.
func hear(t *testing.T, c audio.Capture, frames int, limit time.Duration) int {
	t.Helper()
	frame := make([]int16, pcm.FrameSamples)
	timeout := time.After(limit)
	for loud := 0; ; {
		select {
		case <-c.Ready():
			for c.Read(frame) {
				if peak(frame) > 4000 {
					loud++
				}
			}
			if loud >= frames {
				return loud
			}
		case <-c.Lost():
			return loud
		case <-timeout:
			return loud
		}
	}
}

func peak(frame []int16) int {
	top := 0
	for _, v := range frame {
		top = max(top, int(v), -int(v))
	}
	return top
}

// sine is a tone, mono.
func sine(hertz float64, length time.Duration) []int16 {
	out := make([]int16, int(length.Seconds()*pcm.Rate))
	for i := range out {
		out[i] = int16(12000 * math.Sin(2*math.Pi*hertz*float64(i)/pcm.Rate))
	}
	return out
}

// say plays a tone into the microphone until the test ends.
func say(t *testing.T, d desk) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.mic.Play(ctx, sine(500, time.Minute))
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}

func TestCapture(t *testing.T) {
	d := sharedDesk(t)
	system := open(t, d)
	c, err := system.OpenCapture("desk_mic")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	again, err := system.OpenCapture("")
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	say(t, d)
	if n := hear(t, c, 50, 10*time.Second); n < 50 {
		t.Errorf("heard %d loud frames", n)
	}
	if n := hear(t, again, 50, 10*time.Second); n < 50 {
		t.Errorf("second stream heard %d loud frames", n)
	}
}

// TestRoundTrip plays clicks and hears each on the cable. It logs the delay that
// the sound system and this package add together, which says nothing on a busy
// machine.
func TestRoundTrip(t *testing.T) {
	d := sharedDesk(t)
	system := open(t, d)
	p, err := system.OpenPlayout("desk_spk")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c, err := system.OpenCapture("cable")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const clicks = 24
	var trips []time.Duration
	var sent time.Time
	out, in := make([]int16, 2*pcm.FrameSamples), make([]int16, pcm.FrameSamples)
	timeout := time.After(time.Minute)
	for n := 0; len(trips) < clicks; {
		select {
		case <-p.Ready():
			clear(out)
			// The first second is for the devices to find their beat.
			if n++; n > 100 && n%25 == 0 {
				for i := range 96 {
					out[i] = 20000
				}
				sent = time.Now()
			}
			p.Write(out)
		case <-c.Ready():
			for c.Read(in) {
				if !sent.IsZero() && peak(in) > 8000 {
					trips = append(trips, time.Since(sent))
					sent = time.Time{}
				}
			}
		case <-timeout:
			t.Fatalf("heard %d clicks", len(trips))
		}
	}
	slices.Sort(trips)
	t.Logf("round trip: least %v, median %v, most %v; delay %v, %d underruns, %d overruns",
		trips[0], trips[len(trips)/2], trips[len(trips)-1], p.Delay(), p.Underruns(), c.Overruns())
}
