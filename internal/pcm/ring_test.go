package pcm

import (
	"runtime"
	"testing"
)

func TestRingKeepsOrderAcrossGoroutines(t *testing.T) {
	ring := NewRing(300)
	if ring.Cap() != 512 {
		t.Fatalf("capacity %d, want 512", ring.Cap())
	}
	const total = 200_000
	go func() {
		var chunk [97]int16
		next := 0
		for next < total {
			n := min(len(chunk), total-next)
			for i := range n {
				chunk[i] = int16(next + i)
			}
			wrote := ring.Write(chunk[:n])
			next += wrote
			if wrote == 0 {
				runtime.Gosched()
			}
		}
	}()
	var got [61]int16
	next := 0
	for next < total {
		n := ring.Read(got[:])
		for i := range n {
			if got[i] != int16(next+i) {
				t.Fatalf("sample %d is %d, want %d", next+i, got[i], int16(next+i))
			}
		}
		next += n
		if n == 0 {
			runtime.Gosched()
		}
	}
	if ring.Len() != 0 {
		t.Fatalf("%d samples left", ring.Len())
	}
}

func TestRingFullAndEmpty(t *testing.T) {
	ring := NewRing(8)
	if n := ring.Write(make([]int16, 11)); n != 8 {
		t.Fatalf("wrote %d into a ring of 8", n)
	}
	if n := ring.Write([]int16{1}); n != 0 {
		t.Fatalf("wrote %d into a full ring", n)
	}
	if n := ring.Discard(5); n != 5 || ring.Len() != 3 {
		t.Fatalf("discarded %d, %d left", n, ring.Len())
	}
	if n := ring.Read(make([]int16, 11)); n != 3 {
		t.Fatalf("read %d, want 3", n)
	}
	if n := ring.Read(make([]int16, 1)); n != 0 {
		t.Fatalf("read %d from an empty ring", n)
	}
	if n := ring.Discard(-1); n != 0 {
		t.Fatalf("discarded %d", n)
	}
}

func TestRingDoesNotAllocate(t *testing.T) {
	ring := NewRing(1024)
	frame := make([]int16, FrameSamples)
	if n := testing.AllocsPerRun(100, func() { ring.Write(frame); ring.Read(frame) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
