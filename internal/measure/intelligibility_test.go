package measure

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// draws gives the numbers that testdata/intelligibility.py draws.
func draws(n int) []float64 {
	out, state := make([]float64, n), uint32(1)
	for i := range out {
		state = state*1664525 + 1013904223
		out[i] = float64(state) / (1 << 32)
	}
	return out
}

// noisy adds white noise at a signal-to-noise ratio in dB.
func noisy(r Recording, ratio float64) Recording {
	noise := draws(len(r.Samples))
	for i := range noise {
		noise[i] = 2*noise[i] - 1
	}
	gain := math.Sqrt(dot(r.Samples, r.Samples) / dot(noise, noise) / math.Pow(10, ratio/10))
	for i, s := range r.Samples {
		noise[i] = s + gain*noise[i]
	}
	return Recording{r.Rate, noise}
}

// lossy silences packets of 20 ms.
func lossy(r Recording, loss float64) Recording {
	samples := append([]float64(nil), r.Samples...)
	packet := r.Rate / 50
	for i, chance := range draws(len(samples) / packet) {
		if chance < loss {
			clear(samples[i*packet : (i+1)*packet])
		}
	}
	return Recording{r.Rate, samples}
}

func mouth(t *testing.T) Recording {
	t.Helper()
	r, err := ReadWAV("../../testdata/speech/mouth.wav")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestIntelligibilityIsThatOfAnotherProgram compares with what
// testdata/intelligibility.py computed.
func TestIntelligibilityIsThatOfAnotherProgram(t *testing.T) {
	data, err := os.ReadFile("testdata/intelligibility.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct{ STOI, ESTOI float64 }
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	said := mouth(t)
	for name, w := range want {
		heard := said
		var amount float64
		switch {
		case name == "clean":
		case scan(name, "noise %g", &amount):
			heard = noisy(said, amount)
		case scan(name, "loss %g", &amount):
			heard = lossy(said, amount/100)
		default:
			t.Fatalf("unknown case %q", name)
		}
		got := Understand(said, heard)
		// The two resamplers differ by more than that close to 5 kHz.
		if math.Abs(got.STOI-w.STOI) > 0.002 || math.Abs(got.ESTOI-w.ESTOI) > 0.002 {
			t.Errorf("%s: got %+v, want %+v", name, got, w)
		}
	}
}

func scan(name, format string, amount *float64) bool {
	_, err := fmt.Sscanf(name, format, amount)
	return err == nil
}

func TestIntelligibilityFallsWithDamage(t *testing.T) {
	said := mouth(t)
	last := Understand(said, said)
	if math.Abs(last.STOI-1) > 1e-9 || math.Abs(last.ESTOI-1) > 1e-9 {
		t.Errorf("undamaged: %+v, want 1", last)
	}
	for _, ratio := range []float64{30, 15, 5, -5, -15} {
		got := Understand(said, noisy(said, ratio))
		if got.STOI >= last.STOI || got.ESTOI >= last.ESTOI {
			t.Errorf("%v dB: %+v after %+v", ratio, got, last)
		}
		last = got
	}
	if other := Understand(said, noisy(Recording{said.Rate, make([]float64, len(said.Samples))}, 0)); other.ESTOI > 0.05 {
		t.Errorf("silence: %+v", other)
	}
}

func TestIntelligibilityIgnoresLoudness(t *testing.T) {
	said := mouth(t)
	quiet := Recording{said.Rate, append([]float64(nil), said.Samples...)}
	for i := range quiet.Samples {
		quiet.Samples[i] *= 0.1
	}
	if got := Understand(said, quiet); got.STOI < 0.9999 || got.ESTOI < 0.9999 {
		t.Errorf("got %+v, want 1", got)
	}
}

func TestIntelligibilityOfTooLittle(t *testing.T) {
	if got := Understand(Recording{Rate: 48000}, Recording{Rate: 48000}); got != (Intelligibility{}) {
		t.Errorf("got %+v of nothing", got)
	}
	said := mouth(t)
	if got := Understand(said.Slice(0, 300e6), said.Slice(0, 300e6)); got != (Intelligibility{}) {
		t.Errorf("got %+v of 300 ms", got)
	}
}

func TestResampledKeepsTonesAndStopsAliases(t *testing.T) {
	tone := func(hertz float64, rate int) Recording {
		r := Recording{Rate: rate, Samples: make([]float64, rate)}
		for i := range r.Samples {
			r.Samples[i] = math.Sin(2 * math.Pi * hertz * float64(i) / float64(rate))
		}
		return r
	}
	for _, rates := range [][2]int{{48000, 10000}, {44100, 16000}, {8000, 48000}} {
		from, to := rates[0], rates[1]
		got, want := tone(1000, from).Resampled(to), tone(1000, to)
		if len(got.Samples) != to {
			t.Fatalf("%d samples of a second at %d Hz", len(got.Samples), to)
		}
		for i := to / 10; i < to*9/10; i++ {
			if math.Abs(got.Samples[i]-want.Samples[i]) > 1e-3 {
				t.Fatalf("%d to %d Hz: sample %d is %v, want %v", from, to, i, got.Samples[i], want.Samples[i])
			}
		}
	}
	alias := tone(5400, 48000).Resampled(10000)
	if level := Decibels(alias.Slice(1e8, 9e8).RMS()); level > -78 {
		t.Errorf("a tone above the band leaves %.0f dB", level)
	}
}
