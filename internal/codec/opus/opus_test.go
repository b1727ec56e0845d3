package opus

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestLibraryIsLinked(t *testing.T) {
	if v := Version(); !strings.Contains(v, "libopus") {
		t.Fatalf("version is %q", v)
	}
}

// speech is a voiced signal: a wandering pitch with harmonics and a little
// noise.
func speech(n int) []int16 {
	out := make([]int16, n)
	random := rand.New(rand.NewPCG(1, 2))
	phase := 0.0
	for i := range out {
		t := float64(i) / Rate
		phase += 2 * math.Pi * (260 + 20*math.Sin(2*math.Pi*2*t)) / Rate
		v := 0.0
		for h := 1; h <= 12; h++ {
			v += math.Sin(float64(h)*phase) / float64(h)
		}
		out[i] = int16(5000*v*(0.6+0.4*math.Sin(2*math.Pi*3*t)) + 60*random.NormFloat64())
	}
	return out
}

const frame = Rate / 50

func codeAll(t *testing.T, e *Encoder, in []int16) [][]byte {
	t.Helper()
	var packets [][]byte
	for i := 0; i+frame <= len(in); i += frame {
		payload := make([]byte, 1500)
		n, err := e.Encode(payload, in[i:i+frame])
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, payload[:n])
	}
	return packets
}

// snr aligns decoded with in and returns the ratio in dB.
func snr(in, decoded []int16) float64 {
	best := math.Inf(-1)
	for lag := range 700 {
		var signal, noise float64
		for i := Rate / 10; i+lag < len(decoded); i++ {
			s, d := float64(in[i]), float64(decoded[i+lag])
			signal += s * s
			noise += (s - d) * (s - d)
		}
		best = max(best, 10*math.Log10(signal/noise))
	}
	return best
}

func TestRoundTrip(t *testing.T) {
	e, err := NewEncoder(Settings{Bitrate: 64000})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	d, err := NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	in := speech(Rate)
	var out []int16
	for _, p := range codeAll(t, e, in) {
		n, err := d.Samples(p)
		if err != nil || n != frame {
			t.Fatalf("%d samples, %v", n, err)
		}
		pcm := make([]int16, n)
		if _, err := d.Decode(pcm, p); err != nil {
			t.Fatal(err)
		}
		out = append(out, pcm...)
	}
	if got := snr(in, out); got < 10 {
		t.Fatalf("SNR %.1f dB", got)
	}
}

func TestForwardErrorCorrection(t *testing.T) {
	e, _ := NewEncoder(Settings{FEC: true, Bitrate: 24000})
	defer e.Close()
	d, _ := NewDecoder()
	defer d.Close()
	in := speech(Rate)
	for _, p := range codeAll(t, e, in) {
		if d.HasPrevious(p) {
			t.Fatal("redundancy without loss")
		}
	}
	e.SetLoss(0.2)
	packets := codeAll(t, e, in)
	with := 0
	for _, p := range packets {
		if d.HasPrevious(p) {
			with++
		}
	}
	if with < len(packets)/2 {
		t.Fatalf("%d of %d packets carry their predecessor", with, len(packets))
	}
	// Losing every fifth packet must cost less with Recover than with Conceal.
	quality := func(recover bool) float64 {
		clean, lossy := decoder(t), decoder(t)
		defer clean.Close()
		defer lossy.Close()
		var signal, noise float64
		for i, p := range packets {
			want, got := make([]int16, frame), make([]int16, frame)
			clean.Decode(want, p)
			switch {
			case i%5 != 3:
				lossy.Decode(got, p)
				continue
			case recover && d.HasPrevious(packets[i+1]):
				if err := lossy.Recover(got, packets[i+1]); err != nil {
					t.Fatal(err)
				}
			default:
				if err := lossy.Conceal(got); err != nil {
					t.Fatal(err)
				}
			}
			for k := range want {
				s, n := float64(want[k]), float64(want[k])-float64(got[k])
				signal += s * s
				noise += n * n
			}
		}
		return 10 * math.Log10(signal/noise)
	}
	with2, without := quality(true), quality(false)
	if with2 < without+3 {
		t.Fatalf("recovered %.1f dB, concealed %.1f dB", with2, without)
	}
}

func decoder(t *testing.T) *Decoder {
	t.Helper()
	d, err := NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDTXSendsLittleDuringSilence(t *testing.T) {
	e, _ := NewEncoder(Settings{DTX: true})
	defer e.Close()
	sent := 0
	for _, p := range codeAll(t, e, make([]int16, 3*Rate)) {
		if len(p) > 0 {
			sent++
		}
	}
	if sent > 30 {
		t.Fatalf("%d packets in 3 s of silence", sent)
	}
}

func TestCodingDoesNotAllocate(t *testing.T) {
	e, _ := NewEncoder(Settings{})
	defer e.Close()
	d := decoder(t)
	defer d.Close()
	in, out, payload := speech(frame), make([]int16, frame), make([]byte, 1500)
	allocations := testing.AllocsPerRun(50, func() {
		n, _ := e.Encode(payload, in)
		d.Samples(payload[:n])
		d.HasPrevious(payload[:n])
		d.Decode(out, payload[:n])
		d.Conceal(out)
	})
	if allocations != 0 {
		t.Fatalf("%v allocations", allocations)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0x78, 1, 2, 3})
	f.Add([]byte{0x4b, 0xc3, 255, 255, 1, 9})
	d, err := NewDecoder()
	if err != nil {
		f.Fatal(err)
	}
	pcm := make([]int16, maxSamples)
	f.Fuzz(func(t *testing.T, payload []byte) {
		d.HasPrevious(payload)
		n, err := d.Samples(payload)
		if err != nil {
			return
		}
		d.Recover(pcm[:n], payload)
		d.Decode(pcm[:n], payload)
	})
}

func BenchmarkEncode(b *testing.B) {
	e, _ := NewEncoder(Settings{})
	defer e.Close()
	in, payload := speech(Rate), make([]byte, 1500)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		e.Encode(payload, in[i:i+frame])
		i = (i + frame) % Rate
	}
}
