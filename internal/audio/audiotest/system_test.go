package audiotest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/audio"
	"nearend/internal/audio/audiotest"
	"nearend/internal/pcm"
)

func TestLoopback(t *testing.T) {
	s := audiotest.New()
	mic, spk := s.PlugInput("m", "Mic"), s.PlugOutput("s", "Speaker")
	c, err := s.OpenCapture("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.OpenPlayout("s")
	if err != nil {
		t.Fatal(err)
	}
	mic.Say(audiotest.Tone(1000, 0.5, 5))
	mono, stereo := make([]int16, pcm.FrameSamples), make([]int16, 2*pcm.FrameSamples)
	for range 6 {
		s.Tick()
		<-c.Ready()
		if !c.Read(mono) {
			t.Fatal("Ready without a frame")
		}
		for i, v := range mono {
			stereo[2*i], stereo[2*i+1] = v, v
		}
		<-p.Ready()
		if !p.Write(stereo) {
			t.Fatal("Ready without room")
		}
	}
	heard := spk.Heard()
	if len(heard) != 6*2*pcm.FrameSamples {
		t.Fatalf("heard %d values", len(heard))
	}
	if l := audiotest.Level(heard[2*pcm.FrameSamples:]); l < 0.35 || l > 0.36 {
		t.Errorf("level %v, want 0.3535", l)
	}
	if p.Underruns() != 1 {
		t.Errorf("underruns %d, want 1", p.Underruns())
	}
}

func TestQueuesAreBounded(t *testing.T) {
	s := audiotest.New()
	s.PlugInput("m", "Mic")
	s.PlugOutput("s", "Speaker")
	c, _ := s.OpenCapture("m")
	p, _ := s.OpenPlayout("s")
	for range 20 {
		s.Tick()
	}
	if c.Overruns() != 12 {
		t.Errorf("overruns %d, want 12", c.Overruns())
	}
	frame := make([]int16, 2*pcm.FrameSamples)
	n := 0
	for p.Write(frame) {
		n++
	}
	if n != 2 || p.Delay() != 30*time.Millisecond {
		t.Errorf("took %d frames, delay %v", n, p.Delay())
	}
}

func TestUnplug(t *testing.T) {
	s := audiotest.New()
	s.PlugInput("a", "A")
	s.PlugInput("b", "B")
	c, _ := s.OpenCapture("")
	s.Unplug("a")
	<-c.Lost()
	if c.Read(make([]int16, pcm.FrameSamples)) {
		t.Error("read from a lost stream")
	}
	if _, err := s.OpenCapture("a"); !errors.Is(err, audio.ErrNoDevice) {
		t.Errorf("open unplugged: %v", err)
	}
	if n, _ := s.Open(); n != 0 {
		t.Errorf("%d captures open", n)
	}
	list, _ := s.Devices()
	if len(list) != 1 || list[0].ID != "b" || !list[0].Default {
		t.Errorf("devices %v", list)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestFailOpen(t *testing.T) {
	s := audiotest.New()
	s.PlugOutput("s", "S")
	busy := errors.New("busy")
	s.FailOpen(busy)
	if _, err := s.OpenPlayout(""); !errors.Is(err, busy) {
		t.Error(err)
	}
}

func TestEcho(t *testing.T) {
	s := audiotest.New()
	mic, spk := s.PlugInput("m", "M"), s.PlugOutput("s", "S")
	mic.Echo(spk, 0.5)
	c, _ := s.OpenCapture("")
	p, _ := s.OpenPlayout("")
	frame := make([]int16, 2*pcm.FrameSamples)
	for i := range frame {
		frame[i] = 1000
	}
	p.Write(frame)
	s.Tick()
	mono := make([]int16, pcm.FrameSamples)
	if !c.Read(mono) || mono[0] != 500 {
		t.Errorf("echo %d", mono[0])
	}
}

func TestRunInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := audiotest.New()
		s.PlugInput("m", "Mic")
		c, _ := s.OpenCapture("")
		s.Run()
		start := time.Now()
		frame := make([]int16, pcm.FrameSamples)
		for n := 0; n < 100; {
			<-c.Ready()
			for c.Read(frame) {
				n++
			}
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("100 frames took %v", d)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-c.Lost()
	})
}
