package miniaudio

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/audio/pulsetest"
	"nearend/internal/pcm"
)

// feed writes silence as the device asks for it until the stream is closed.
func feed(ctx context.Context, p audio.Playout) {
	frame := make([]int16, 2*pcm.FrameSamples)
	for {
		select {
		case <-p.Ready():
			p.Write(frame)
		case <-p.Lost():
			return
		case <-ctx.Done():
			return
		}
	}
}

func TestUnpluggedDeviceIsLost(t *testing.T) {
	d := sharedDesk(t)
	headset, err := d.NewMicrophone("headset", "Headset")
	if err != nil {
		t.Fatal(err)
	}
	head, err := d.NewSpeaker("head_spk", "Headset")
	if err != nil {
		t.Fatal(err)
	}
	system := open(t, d)
	c, err := system.OpenCapture("headset")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p, err := system.OpenPlayout("head_spk")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go feed(ctx, p)
	<-c.Ready()
	start := time.Now()
	if err := headset.Unplug(); err != nil {
		t.Fatal(err)
	}
	if err := head.Unplug(); err != nil {
		t.Fatal(err)
	}
	timeout := time.After(5 * time.Second)
	for name, lost := range map[string]<-chan struct{}{"capture": c.Lost(), "playout": p.Lost()} {
		select {
		case <-lost:
			t.Logf("%s lost after %v", name, time.Since(start))
		case <-timeout:
			t.Errorf("%s is not lost", name)
		}
	}
	if _, err := system.OpenCapture("headset"); !errors.Is(err, audio.ErrNoDevice) {
		t.Errorf("open an unplugged device: %v", err)
	}
	list, _ := system.Devices()
	for _, device := range list {
		if device.ID == "headset" {
			t.Error("an unplugged device is listed")
		}
	}
}

func TestDefaultStreamMovesOn(t *testing.T) {
	d := sharedDesk(t)
	headset, err := d.NewMicrophone("second", "Second")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetDefaultSource("second"); err != nil {
		t.Fatal(err)
	}
	system := open(t, d)
	c, err := system.OpenCapture("")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-c.Ready()
	say(t, d)
	if err := d.SetDefaultSource("desk_mic"); err != nil {
		t.Fatal(err)
	}
	if err := headset.Unplug(); err != nil {
		t.Fatal(err)
	}
	if n := hear(t, c, 50, 10*time.Second); n < 50 {
		t.Errorf("heard %d loud frames from the new default", n)
	}
}

func TestSoundServerRestarts(t *testing.T) {
	server, err := pulsetest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	mic, err := server.NewMicrophone("desk_mic", "Desk microphone")
	if err != nil {
		t.Fatal(err)
	}
	d := desk{Server: server, mic: mic}
	system := open(t, d)
	c, err := system.OpenCapture("desk_mic")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-c.Ready()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	say(t, d)
	if n := hear(t, c, 50, 15*time.Second); n < 50 {
		t.Errorf("heard %d loud frames after the restart", n)
	}
	list, err := system.Devices()
	if err != nil || len(list) == 0 {
		t.Errorf("devices after the restart: %v, %v", list, err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Lost():
	case <-time.After(15 * time.Second):
		t.Error("the capture is not lost though the sound server stays away")
	}
}

func TestNoSoundServer(t *testing.T) {
	system, err := New(zerolog.Nop(), Backends("pulseaudio"), PulseServer("unix:"+t.TempDir()+"/none"))
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	list, err := system.Devices()
	if err != nil || len(list) != 0 {
		t.Errorf("devices %v, %v", list, err)
	}
	if _, err := system.OpenPlayout(""); !errors.Is(err, audio.ErrNoDevice) {
		t.Errorf("open: %v", err)
	}
}

func TestUnknownBackend(t *testing.T) {
	if _, err := New(zerolog.Nop(), Backends("gramophone")); err == nil {
		t.Error("no error")
	}
}

// TestCloseWhileCalledBack opens and closes streams of the null backend from
// several goroutines at once while their callbacks run.
func TestCloseWhileCalledBack(t *testing.T) {
	system, err := New(zerolog.Nop(), Backends("null"))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				c, err := system.OpenCapture("")
				if err != nil {
					t.Error(err)
					return
				}
				p, err := system.OpenPlayout("null")
				if err != nil {
					t.Error(err)
					return
				}
				<-c.Ready()
				frame := make([]int16, 2*pcm.FrameSamples)
				for range 3 {
					<-p.Ready()
					p.Write(frame)
				}
				if err := errors.Join(c.Close(), p.Close(), c.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if err := system.Close(); err != nil {
		t.Error(err)
	}
	if _, err := system.Devices(); !errors.Is(err, audio.ErrClosed) {
		t.Errorf("devices of a closed system: %v", err)
	}
}
