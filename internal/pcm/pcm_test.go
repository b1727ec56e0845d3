package pcm

import (
	"fmt"
	"math"
	"testing"
)

func tone(rate int, hz, amplitude float64, n int) []int16 {
	out := make([]int16, n)
	for i := range out {
		out[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
	}
	return out
}

func TestMixSaturates(t *testing.T) {
	loud := make([]int16, FrameSamples)
	for i := range loud {
		loud[i] = 30000
	}
	var mix Mix
	gains := [2]Gain{}
	out := make([]int16, 2*FrameSamples)
	for round := range 2 {
		mix.Reset()
		for i := range gains {
			gains[i].Set(1)
			mix.Add(loud, &gains[i])
		}
		mix.Stereo(out)
		if round == 0 && out[0] > 1000 {
			t.Fatalf("gain jumps to %d at its first sample", out[0])
		}
	}
	for i, v := range out {
		if v != 32767 {
			t.Fatalf("sample %d is %d, want saturation", i, v)
		}
	}
	mix.Reset()
	mix.Stereo(out)
	if Peak(out) != 0 {
		t.Fatal("a mix of nothing is not silent")
	}
}

func TestGainRampsWithoutSteps(t *testing.T) {
	var g Gain
	g.Set(1)
	frame := make([]int16, FrameSamples)
	for i := range frame {
		frame[i] = 20000
	}
	g.Apply(frame)
	last := int16(0)
	for i, v := range frame {
		if v < last || v-last > 50 {
			t.Fatalf("step from %d to %d at %d", last, v, i)
		}
		last = v
	}
	if last != 20000 {
		t.Fatalf("the ramp ends at %d", last)
	}
	g.Set(0)
	g.Apply(frame)
	if !g.Settled() || frame[FrameSamples-1] != 0 {
		t.Fatal("the gain did not settle at silence")
	}
}

func TestMeterFollowsTheFormula(t *testing.T) {
	var m Meter
	sine := tone(Rate, 1000, 16384, FrameSamples)
	for range 100 {
		m.Add(sine)
	}
	want := 0.5 / math.Sqrt2
	if math.Abs(m.Level()-want) > 0.001 {
		t.Fatalf("level %v, want %v", m.Level(), want)
	}
	if d := m.Duration(); math.Abs(d-1) > 1e-9 {
		t.Fatalf("duration %v", d)
	}
	if e := math.Sqrt(m.Energy() / m.Duration()); math.Abs(e-want) > 0.001 {
		t.Fatalf("average level %v, want %v", e, want)
	}
	if got := Decibels(Power(sine)); got != 9 {
		t.Fatalf("%d -dBov, want 9", got)
	}
	if Decibels(0) != 127 || Decibels(1) != 0 {
		t.Fatal("ends of the decibel scale")
	}
}

var rates = []int{8000, 16000, 24000, 44100, 48000}

// TestResamplerPassband measures a tone at 0.4 of the lower rate, and
// TestResamplerStopband one that must not alias.
func TestResamplerPassband(t *testing.T) {
	for _, from := range rates {
		for _, to := range rates {
			for _, part := range []float64{0.02, 0.2, 0.4} {
				hz := part * float64(min(from, to))
				got := steadyGain(t, from, to, hz)
				if math.Abs(got) > 0.15 {
					t.Errorf("%d to %d Hz: %.0f Hz passes with %.2f dB", from, to, hz, got)
				}
			}
		}
	}
}

func TestResamplerStopband(t *testing.T) {
	for _, from := range rates {
		for _, to := range rates {
			if from <= to {
				continue
			}
			for hz := 0.5*float64(to) + 1; hz < 0.5*float64(from); hz += float64(to) / 5 {
				if got := steadyGain(t, from, to, hz); got > -70 {
					t.Errorf("%d to %d Hz: %.0f Hz aliases at %.1f dB", from, to, hz, got)
				}
			}
		}
	}
}

func steadyGain(t *testing.T, from, to int, hz float64) float64 {
	t.Helper()
	r, err := NewResampler(from, to)
	if err != nil {
		t.Fatal(err)
	}
	const amplitude = 16000
	in := tone(from, hz, amplitude, from/5)
	out := make([]int16, r.Samples(len(in)))
	if n := r.Process(out, in); n != len(out) {
		t.Fatalf("%d to %d: wrote %d, announced %d", from, to, n, len(out))
	}
	if d := len(out) - to/5; d < -1 || d > 1 {
		t.Fatalf("%d to %d: %d samples, want %d", from, to, len(out), to/5)
	}
	steady := out[len(out)/4 : len(out)/4*3]
	return 10 * math.Log10(Power(steady)/(amplitude*amplitude/2.0/(32768*32768)))
}

func TestResamplerInPiecesIsTheSame(t *testing.T) {
	in := tone(44100, 700, 12000, 44100)
	whole, _ := NewResampler(44100, 48000)
	want := make([]int16, whole.Samples(len(in)))
	whole.Process(want, in)
	pieces, _ := NewResampler(44100, 48000)
	got := make([]int16, 0, len(want))
	for i, size := 0, 1; i < len(in); size = size%611 + 7 {
		end := min(i+size, len(in))
		out := make([]int16, pieces.Samples(end-i))
		got = append(got, out[:pieces.Process(out, in[i:end])]...)
		i = end
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatal("the split of the input changes the output")
	}
}

func TestResamplerRefusesNonsense(t *testing.T) {
	for _, pair := range [][2]int{{0, 8000}, {8000, -1}, {48000, 47999}} {
		if _, err := NewResampler(pair[0], pair[1]); err == nil {
			t.Errorf("%v was accepted", pair)
		}
	}
}

func BenchmarkResample8to48(b *testing.B) {
	r, _ := NewResampler(8000, Rate)
	in, out := tone(8000, 440, 10000, 80), make([]int16, FrameSamples)
	b.ReportAllocs()
	for b.Loop() {
		r.Process(out, in)
	}
}
