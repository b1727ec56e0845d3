package aec3

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"
)

// noise is a reproducible stream of samples from -level to level.
type noise uint32

func (n *noise) next(level float32) float32 {
	*n = *n*1664525 + 1013904223
	return (float32(int32(*n)) / (1 << 31)) * level
}

// TestSameSamplesAsTheWasm compares with what the module gave in Node.js
// (WebRtcAec3 of the npm package, one channel, 48000 Hz, no options).
func TestSameSamplesAsTheWasm(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var n noise = 1
	var history [48000 * 4]float32
	var far, mic [FrameSamples]float32
	hash := sha256.New()
	for frame := range 300 {
		for i := range far {
			far[i] = n.next(0.25)
			at := frame*FrameSamples + i
			history[at] = far[i]
			mic[i] = n.next(0.001)
			if at >= 1000 {
				mic[i] += history[at-1000] * 0.5
			}
		}
		if err := c.Render(&far); err != nil {
			t.Fatal(err)
		}
		if err := c.Capture(&mic); err != nil {
			t.Fatal(err)
		}
		for _, v := range mic {
			s := int32(v * (1 << 23))
			hash.Write([]byte{byte(s), byte(s >> 8), byte(s >> 16), byte(s >> 24)})
		}
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != reference {
		t.Errorf("samples hash to %s, want %s", sum, reference)
	}
}

const reference = "68e9413df6337e9b30d45dafd17590fd54fd9cad5af78514da7eaa3449e540fd"

func TestTrapIsAnError(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.spoil()
	var frame [FrameSamples]float32
	for range 100 {
		if err := c.Capture(&frame); err != nil {
			if !errors.Is(err, ErrBroken) {
				t.Error(err)
			}
			if err := c.Render(&frame); !errors.Is(err, ErrBroken) {
				t.Errorf("render after a trap: %v", err)
			}
			return
		}
	}
	t.Error("a spoilt canceller did not fail")
}

// TestGeneratedFromTheWasm sees to it that both are changed together.
func TestGeneratedFromTheWasm(t *testing.T) {
	wasm, err := os.ReadFile("webrtcaec3.wasm")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(wasm)
	generated, err := os.ReadFile("generated.h")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(generated[:400]), "sha256 "+hex.EncodeToString(sum[:])) {
		t.Error("generated.h is not of webrtcaec3.wasm: run generate.sh")
	}
}

func BenchmarkFrame(b *testing.B) {
	c, err := New()
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var n noise = 1
	var far, mic [FrameSamples]float32
	b.ReportAllocs()
	for b.Loop() {
		for i := range far {
			far[i] = n.next(0.25)
			mic[i] = far[i] * 0.5
		}
		if c.Render(&far) != nil || c.Capture(&mic) != nil {
			b.Fatal("failed")
		}
	}
}
