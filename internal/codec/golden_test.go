package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"testing"
	"time"
)

func load(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func samples(t *testing.T, name string) []int16 {
	t.Helper()
	data := load(t, name)
	out := make([]int16, len(data)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return out
}

func TestG722EncodesBitExact(t *testing.T) {
	in, want := samples(t, "speech16.pcm"), load(t, "speech.g722")
	e := newG722Encoder()
	got := make([]byte, len(in)/2)
	for i := 0; i < len(in); i += 320 {
		if _, err := e.Encode(got[i/2:], in[i:i+320]); err != nil {
			t.Fatal(err)
		}
	}
	if i := firstDifference(got, want); i >= 0 {
		t.Fatalf("byte %d is %#x, want %#x", i, got[i], want[i])
	}
}

func TestG722DecodesBitExact(t *testing.T) {
	for _, name := range []string{"speech", "random"} {
		payload := load(t, name+".g722")
		decoded := map[string]string{"speech": "speech16", "random": "random"}[name]
		want := samples(t, decoded+".decoded.pcm")
		d := newG722Decoder()
		got := make([]int16, 2*len(payload))
		for i := 0; i < len(payload); i += 160 {
			if _, err := d.Decode(got[2*i:], payload[i:min(i+160, len(payload))]); err != nil {
				t.Fatal(err)
			}
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: sample %d is %d, want %d", name, i, got[i], want[i])
			}
		}
	}
}

func firstDifference(a, b []byte) int {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// TestG711Tables checks values of tables 1 and 2 of the Recommendation, scaled
// to 16 bits.
func TestG711Tables(t *testing.T) {
	for code, want := range map[byte]int16{
		0xff: 0, 0x7f: 0, 0xfe: 8, 0x7e: -8, 0x80: 32124, 0x00: -32124, 0xef: 132, 0x8f: 16764,
	} {
		if got := muToLinear[code]; got != want {
			t.Errorf("µ-law %#x is %d, want %d", code, got, want)
		}
	}
	for code, want := range map[byte]int16{
		0xd5: 8, 0x55: -8, 0xaa: 32256, 0x2a: -32256, 0xd4: 24, 0xc5: 264, 0xf5: 528,
	} {
		if got := aToLinear[code]; got != want {
			t.Errorf("A-law %#x is %d, want %d", code, got, want)
		}
	}
}

// TestG711Golden compares all 65536 inputs with the reference program of ITU-T
// G.191, through the checksum of its output.
func TestG711Golden(t *testing.T) {
	for name, c := range map[string]struct {
		compress func(int16) byte
		sum      uint32
	}{"µ": {linearToMu, 0x6399d432}, "A": {linearToA, 0x9133796e}} {
		var all bytes.Buffer
		for v := math.MinInt16; v <= math.MaxInt16; v++ {
			all.WriteByte(c.compress(int16(v)))
		}
		if got := crc32.ChecksumIEEE(all.Bytes()); got != c.sum {
			t.Errorf("%s-law: checksum %#x, want %#x", name, got, c.sum)
		}
	}
}

func TestG711IsIdempotent(t *testing.T) {
	for code := range 256 {
		if c := linearToA(aToLinear[code]); c != byte(code) {
			t.Errorf("A-law %#x becomes %#x", code, c)
		}
		if c := linearToMu(muToLinear[code]); c != byte(code) && code != 0x7f {
			t.Errorf("µ-law %#x becomes %#x", code, c)
		}
	}
}

func TestRegistry(t *testing.T) {
	for _, mime := range []string{"audio/opus", "audio/PCMU", "audio/PCMA", "audio/G722"} {
		e, err := NewEncoder(mime, Options{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDecoder(mime)
		if err != nil {
			t.Fatal(err)
		}
		if e.Rate() != d.Rate() || !Known(mime) {
			t.Errorf("%s: rates %d and %d", mime, e.Rate(), d.Rate())
		}
		for _, ptime := range []time.Duration{0, 10, 20, 25, 60, 500} {
			got := e.PacketTime(ptime * time.Millisecond)
			pcm := make([]int16, int(got.Seconds()*float64(e.Rate())))
			payload := make([]byte, MaxPayload)
			n, err := e.Encode(payload, pcm)
			if err != nil {
				t.Fatalf("%s at %v: %v", mime, got, err)
			}
			if s, err := d.Samples(payload[:n]); err != nil || s != len(pcm) {
				t.Errorf("%s at %v: %d samples, want %d: %v", mime, got, s, len(pcm), err)
			}
		}
		if _, err := d.Samples(nil); err == nil {
			t.Errorf("%s: an empty payload is no packet", mime)
		}
		e.Close()
		d.Close()
	}
	if _, err := NewEncoder("audio/iLBC", Options{}); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := NewDecoder("video/VP8"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}
