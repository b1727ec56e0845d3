package measure

import (
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// babble is noise with the envelope of syllables.
func babble(seed uint64, length time.Duration) Recording {
	random := rand.New(rand.NewPCG(seed, 1))
	r := Recording{Rate: 48000, Samples: make([]float64, int(length.Seconds()*48000))}
	var low float64
	for i := range r.Samples {
		low += 0.1 * (random.Float64()*2 - 1 - low)
		r.Samples[i] = low * (0.6 + 0.4*math.Sin(2*math.Pi*3*float64(i)/48000))
	}
	return r
}

func delayed(r Recording, by time.Duration, tail time.Duration) Recording {
	out := Recording{Rate: r.Rate, Samples: make([]float64, r.index(by)+len(r.Samples)+r.index(tail))}
	copy(out.Samples[r.index(by):], r.Samples)
	return out
}

func TestFindGivesDelayAndPeak(t *testing.T) {
	said := babble(1, 3*time.Second)
	heard := delayed(said, 1234*time.Millisecond, time.Second)
	for i := range heard.Samples {
		heard.Samples[i] *= -0.2 // quieter and inverted
	}
	m := Find(said, heard)
	if m.Peak < 0.999 {
		t.Errorf("peak %v of the same sound, want 1", m.Peak)
	}
	if off := (m.Delay - 1234*time.Millisecond).Abs(); off > time.Millisecond/4 {
		t.Errorf("delay %v, want 1.234s", m.Delay)
	}
	if m.Spread > time.Millisecond/4 {
		t.Errorf("spread %v, want 0", m.Spread)
	}
}

func TestFindToleratesStretching(t *testing.T) {
	said := babble(1, 4*time.Second)
	heard := delayed(said, 300*time.Millisecond, time.Second)
	// A jitter buffer takes 20 ms away after two seconds.
	cut := heard.index(2300 * time.Millisecond)
	heard.Samples = append(heard.Samples[:cut:cut], heard.Samples[cut+960:]...)
	m := Find(said, heard)
	if m.Peak < 0.95 {
		t.Errorf("peak %v, want at least 0.95", m.Peak)
	}
	if m.Spread < 19*time.Millisecond || m.Spread > 21*time.Millisecond {
		t.Errorf("spread %v, want 20ms", m.Spread)
	}
}

func TestFindRefusesAnotherSoundAndSilence(t *testing.T) {
	said := babble(1, 3*time.Second)
	if m := Find(said, babble(2, 5*time.Second)); m.Peak > 0.3 {
		t.Errorf("peak %v with another sound, want below 0.3", m.Peak)
	}
	if m := Find(said, Recording{Rate: 48000, Samples: make([]float64, 5*48000)}); m.Peak > 0.01 {
		t.Errorf("peak %v with silence, want 0", m.Peak)
	}
	if m := Find(said, Recording{Rate: 48000}); m.Peak != 0 {
		t.Errorf("peak %v with nothing, want 0", m.Peak)
	}
}

func TestFindAcrossRates(t *testing.T) {
	said := babble(1, 3*time.Second)
	heard := Recording{Rate: 8000}
	band := bandLimit(delayed(said, 500*time.Millisecond, time.Second))
	for i := 0; i < len(band); i += 2 {
		heard.Samples = append(heard.Samples, band[i])
	}
	m := Find(said, heard)
	if m.Peak < 0.97 || (m.Delay-500*time.Millisecond).Abs() > time.Millisecond {
		t.Errorf("got %+v, want peak 1 at 500ms", m)
	}
}

func TestWAVRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	said := babble(3, 100*time.Millisecond)
	if err := WriteWAV(path, said); err != nil {
		t.Fatal(err)
	}
	got, err := ReadWAV(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.Rate != said.Rate || len(got.Samples) != len(said.Samples) {
		t.Fatalf("got %d samples at %d Hz", len(got.Samples), got.Rate)
	}
	for i, s := range got.Samples {
		if math.Abs(s-said.Samples[i]) > 1.0/32768 {
			t.Fatalf("sample %d: got %v, want %v", i, s, said.Samples[i])
		}
	}
}

func TestDecodeWAVRefusesRubbish(t *testing.T) {
	for _, data := range []string{"", "RIFF", "RIFF\x00\x00\x00\x00WAVE", "RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff", "RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd"} {
		if _, err := DecodeWAV([]byte(data)); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: got %v, want ErrFormat", data, err)
		}
	}
}

func TestGapsFindsOnlyWhatIsMissing(t *testing.T) {
	said := babble(1, 2*time.Second)
	heard := delayed(said, 200*time.Millisecond, 0)
	clear(heard.Samples[heard.index(time.Second):heard.index(1050*time.Millisecond)])
	gaps := Gaps(said, heard, 200*time.Millisecond, 30*time.Millisecond, said.RMS()/20)
	if len(gaps) != 1 || gaps[0] != (Span{time.Second, 1050 * time.Millisecond}) {
		t.Errorf("got %v, want one gap from 1s to 1.05s", gaps)
	}
}

func TestDTMF(t *testing.T) {
	const keys = "123A456B789C*0#D5"
	r := Recording{Rate: 8000}
	silence := func(n int) { r.Samples = append(r.Samples, make([]float64, n)...) }
	silence(800)
	for _, key := range keys {
		for row, line := range dtmfKeys {
			for column, k := range line {
				if k != key {
					continue
				}
				for i := range 800 {
					at := 2 * math.Pi * float64(i) / 8000
					r.Samples = append(r.Samples, 0.2*math.Sin(at*dtmfRows[row])+0.3*math.Sin(at*dtmfColumns[column]))
				}
			}
		}
		silence(560)
	}
	if got := DTMF(r); got != keys {
		t.Errorf("got %q, want %q", got, keys)
	}
	if got := DTMF(babble(1, 5*time.Second)); got != "" {
		t.Errorf("got %q in babble, want none", got)
	}
}

func TestLevels(t *testing.T) {
	r := FromInt16(48000, 2, []int16{16384, 16384, -16384, -16384})
	if r.RMS() != 0.5 || r.Peak() != 0.5 {
		t.Errorf("RMS %v, peak %v, want 0.5", r.RMS(), r.Peak())
	}
	if got := Decibels(0.1); math.Abs(got+20) > 1e-9 {
		t.Errorf("got %v dB, want -20", got)
	}
	if got := (Recording{}).RMS(); got != 0 {
		t.Errorf("RMS of nothing is %v", got)
	}
}
