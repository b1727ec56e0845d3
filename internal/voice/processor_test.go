package voice

import (
	"math"
	"slices"
	"sync"
	"testing"

	"nearend/internal/pcm"
)

func newProcessor(t testing.TB, options Options) *Processor {
	t.Helper()
	p, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func TestOffIsUntouched(t *testing.T) {
	p := newProcessor(t, Options{})
	signal := toFrames(talk(1, 1))
	processed := slices.Clone(signal)
	for at := 0; at < len(signal); at += pcm.FrameSamples {
		p.Render(signal[at : at+pcm.FrameSamples])
		p.Capture(processed[at : at+pcm.FrameSamples])
	}
	if !slices.Equal(signal, processed) {
		t.Error("samples have changed with all options off")
	}
	if _, _, ok := p.Stats(); ok {
		t.Error("echo statistics without echo cancellation")
	}
}

const seconds = 10

// tail is the last four seconds of a signal, when everything has adapted.
func tail(signal []float64) []float64 { return signal[(seconds-4)*pcm.Rate:] }

func TestEchoIsCancelled(t *testing.T) {
	far := talk(1, seconds)
	for name, scene := range map[string]struct{ delay, skew float64 }{
		"80 ms":           {0.08, 0},
		"80 ms, 100 ppm":  {0.08, 100e-6},
		"200 ms, -50 ppm": {0.2, -50e-6},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProcessor(t, Options{EchoCancellation: true})
			mic := sum(room(far, scene.delay, scene.skew, 0.5), hiss(4, -75, len(far)))
			out := through(p, mic, far)
			erle := decibels(tail(mic)) - decibels(tail(out))
			if erle < 25 {
				t.Errorf("echo return loss enhancement %.1f dB, want 25", erle)
			}
			// The statistics are of the last second or so.
			last := len(mic) - pcm.Rate
			lately := decibels(mic[last:]) - decibels(out[last:])
			erl, reported, ok := p.Stats()
			if !ok || math.Abs(reported-lately) > 6 || math.Abs(erl-6) > 4 {
				t.Errorf("statistics say ERL %.1f and ERLE %.1f, measured 6 and %.1f", erl, reported, lately)
			}
			t.Logf("ERLE %.1f dB, reported %.1f; ERL %.1f", erle, reported, erl)
		})
	}
}

func TestNearEndSurvivesDoubleTalk(t *testing.T) {
	p := newProcessor(t, Options{EchoCancellation: true})
	far := talk(1, seconds)
	near := talk(9, seconds)
	clear(near[:5*pcm.Rate]) // the canceller learns before anybody interrupts
	mic := sum(room(far, 0.08, 100e-6, 0.3), near, hiss(4, -75, len(far)))
	out := through(p, mic, far)
	loss := -share(tail(near), tail(out))
	t.Logf("double talk costs %.1f dB", loss)
	if loss > 3 {
		t.Errorf("double talk costs %.1f dB, want 3 at most", loss)
	}
}

func TestNoiseIsSuppressed(t *testing.T) {
	p := newProcessor(t, Options{NoiseSuppression: true})
	speech := talk(5, seconds)
	noise := hiss(6, -38, len(speech))
	alone := newProcessor(t, Options{NoiseSuppression: true})
	quiet := through(alone, noise, nil)
	out := through(p, sum(speech, noise), nil)
	reduction := decibels(tail(noise)) - decibels(tail(quiet))
	kept := share(tail(speech), tail(out))
	before := decibels(tail(speech)) - decibels(tail(noise))
	after := snr(tail(speech), tail(out))
	t.Logf("noise alone -%.1f dB, speech %.1f dB, SNR %.1f to %.1f dB", reduction, kept, before, after)
	if reduction < 15 {
		t.Errorf("noise alone is reduced by %.1f dB, want 15", reduction)
	}
	if kept < -1.5 {
		t.Errorf("speech loses %.1f dB, want 1.5 at most", -kept)
	}
	if after-before < 4 {
		t.Errorf("SNR gains %.1f dB, want 4", after-before)
	}
}

// snr is the ratio in dB of wanted, late by overlap samples, to all else.
func snr(wanted, got []float64) float64 {
	var signal, rest float64
	for i := overlap; i < len(got); i++ {
		w := wanted[i-overlap]
		signal += w * w
		rest += (got[i] - w) * (got[i] - w)
	}
	return 10 * math.Log10(signal/rest)
}

func TestGainControl(t *testing.T) {
	for name, change := range map[string]float64{"quiet": -22, "as it should be": 0, "loud": 9} {
		t.Run(name, func(t *testing.T) {
			p := newProcessor(t, Options{AutoGainControl: true})
			speech := talk(7, seconds)
			scale := math.Pow(10, (change+target-decibels(speech))/20)
			for i := range speech {
				speech[i] *= scale
			}
			speech = sum(speech, hiss(8, -80, len(speech)))
			out := through(p, speech, nil)
			level := decibels(tail(out))
			t.Logf("from %.1f to %.1f dBFS", decibels(tail(speech)), level)
			if math.Abs(level-target) > 5 {
				t.Errorf("level %.1f dBFS, want %.1f", level, target)
			}
			for _, v := range out {
				if math.Abs(v) > 0.9 {
					t.Fatalf("a sample of %.2f passed the limiter", v)
				}
			}
		})
	}
}

func TestGainLeavesAQuietRoomQuiet(t *testing.T) {
	p := newProcessor(t, Options{AutoGainControl: true})
	speech := talk(7, 4)
	signal := sum(append(speech, make([]float64, 12*pcm.Rate)...), hiss(8, -55, 16*pcm.Rate))
	out := through(p, signal, nil)
	if level := decibels(out[12*pcm.Rate:]); level > noiseCeiling+1 {
		t.Errorf("the room is at %.1f dBFS", level)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	p := newProcessor(t, Options{true, true, true})
	frame, far := make([]int16, pcm.FrameSamples), make([]int16, pcm.FrameSamples)
	for i := range frame {
		frame[i], far[i] = int16(i*7), int16(i*5)
	}
	if n := testing.AllocsPerRun(100, func() {
		p.Render(far)
		p.Capture(frame)
	}); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	p := newProcessor(t, Options{EchoCancellation: true})
	var group sync.WaitGroup
	group.Go(func() {
		frame := make([]int16, pcm.FrameSamples)
		for range 200 {
			p.Render(frame)
		}
	})
	group.Go(func() {
		frame := make([]int16, pcm.FrameSamples)
		for range 200 {
			p.Capture(frame)
		}
	})
	group.Go(func() {
		for i := range 20 {
			if err := p.SetOptions(Options{i%2 == 0, i%3 == 0, i%5 == 0}); err != nil {
				t.Error(err)
			}
			p.Stats()
		}
	})
	group.Wait()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	frame := []int16{1, 2, 3}
	p.Capture(frame)
	if frame[2] != 3 {
		t.Error("a closed processor changes samples")
	}
}

func BenchmarkCapture(b *testing.B) {
	for name, options := range map[string]Options{
		"echo": {EchoCancellation: true}, "noise": {NoiseSuppression: true}, "gain": {AutoGainControl: true}, "all": {true, true, true},
	} {
		b.Run(name, func(b *testing.B) {
			p := newProcessor(b, options)
			far, mic := toFrames(talk(1, 1)), toFrames(talk(2, 1))
			frame := make([]int16, pcm.FrameSamples)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				at := i % 100 * pcm.FrameSamples
				copy(frame, mic[at:])
				p.Render(far[at : at+pcm.FrameSamples])
				p.Capture(frame)
			}
		})
	}
}
