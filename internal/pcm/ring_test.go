package pcm

import (
	"runtime"
	"testing"
)

func TestRingKeepsOrder(t *testing.T) {
	const total = 100_000
	r := NewRing(1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		next := 0
		buf := make([]int16, 77)
		for next < total {
			n := min(len(buf), total-next)
			for i := range n {
				buf[i] = int16(next + i)
			}
			w := r.Write(buf[:n])
			next += w
			if w == 0 {
				runtime.Gosched()
			}
		}
	}()
	buf := make([]int16, 480)
	for next := 0; next < total; {
		n := r.Read(buf)
		for i := range n {
			if buf[i] != int16(next+i) {
				t.Fatalf("sample %d is %d", next+i, buf[i])
			}
		}
		next += n
		if n == 0 {
			runtime.Gosched()
		}
	}
	<-done
	if r.Len() != 0 || r.Room() != 1000 {
		t.Errorf("len %d, room %d", r.Len(), r.Room())
	}
}

func TestRingIsBounded(t *testing.T) {
	r := NewRing(3)
	if n := r.Write([]int16{1, 2, 3, 4}); n != 3 {
		t.Errorf("wrote %d", n)
	}
	if n := r.Read(make([]int16, 2)); n != 2 {
		t.Errorf("read %d", n)
	}
	if n := r.Write([]int16{5, 6, 7}); n != 2 {
		t.Errorf("wrote %d", n)
	}
	got := make([]int16, 9)
	if n := r.Read(got); n != 3 || got[0] != 3 || got[1] != 5 || got[2] != 6 {
		t.Errorf("read %d: %v", n, got)
	}
}
