package resume

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/link"
)

// conversation runs one with faults and returns how many writes it took.
func conversation(t *testing.T, count int, faults map[int]fault) int {
	t.Helper()
	n := newNetwork(faults)
	defer n.close()
	near, far := n.open(t)
	late := time.AfterFunc(time.Hour, func() { t.Error("it does not end"); near.Close() })
	converse(t, near, far, count)
	late.Stop()
	n.mu.Lock()
	writes := n.writes
	n.faults = nil
	n.mu.Unlock()
	near.Close()
	return writes
}

// TestFaultAtEveryBoundary breaks the stream at each write of a conversation
// in each way.
func TestFaultAtEveryBoundary(t *testing.T) {
	const count = 5
	boundaries := 0
	synctest.Test(t, func(t *testing.T) { boundaries = conversation(t, count, nil) })
	if boundaries < 2*count {
		t.Fatalf("a conversation of %d messages took %d writes", 2*count, boundaries)
	}
	for f := cutBefore; f <= lastFault; f++ {
		t.Run(f.String(), func(t *testing.T) {
			for boundary := range boundaries {
				t.Run(fmt.Sprint(boundary+1), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						conversation(t, count, map[int]fault{boundary + 1: f})
					})
				})
			}
		})
	}
}

// TestManyFaults breaks streams again and again.
func TestManyFaults(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 0))
				faults := make(map[int]fault)
				for at := 6; at < 400; at += 4 + random.IntN(20) {
					faults[at] = fault(1 + random.IntN(int(lastFault)))
				}
				conversation(t, 40, faults)
			})
		})
	}
}

func inBubble(t *testing.T, test func(t *testing.T, n *network, near, far link.Link)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		defer n.close()
		near, far := n.open(t)
		defer near.Close()
		test(t, n, near, far)
	})
}

// cut ends the stream of a session, seen by both sides.
func cut(s link.Link) {
	d := s.(*dialled).session
	d.mu.Lock()
	way := d.way
	d.mu.Unlock()
	way.Close()
	synctest.Wait()
}

func TestLargestMessage(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *network, near, far link.Link) {
		if err := near.Send(make([]byte, link.MaxMessage+1)); !errors.Is(err, link.ErrTooLarge) {
			t.Fatalf("one too large: %v", err)
		}
		want := bytes.Repeat([]byte("x"), link.MaxMessage)
		if err := near.Send(want); err != nil {
			t.Fatal(err)
		}
		if got, err := far.Receive(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("got %d bytes, %v", len(got), err)
		}
	})
}

func TestCloseIsToldAtOnce(t *testing.T) {
	for _, name := range []string{"near", "far"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, _ *network, near, far link.Link) {
				start := time.Now()
				if name == "far" {
					near, far = far, near
				}
				near.Send([]byte("last words"))
				near.Close()
				near.Close()
				if got, err := far.Receive(); err != nil || string(got) != "last words" {
					t.Fatalf("got %q, %v", got, err)
				}
				if _, err := far.Receive(); !errors.Is(err, link.ErrLost) || time.Since(start) > time.Second {
					t.Fatalf("then %v after %v", err, time.Since(start))
				}
				if _, err := near.Receive(); !errors.Is(err, link.ErrClosed) {
					t.Fatalf("the closed side: %v", err)
				}
				if err := near.Send(nil); !errors.Is(err, link.ErrClosed) {
					t.Fatalf("the closed side: %v", err)
				}
			})
		})
	}
}

func TestGraceEndsBothSides(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		n.setDown(errRoute)
		start := time.Now()
		cut(near)
		if !near.(interface{ Detached() bool }).Detached() {
			t.Error("the session does not look detached")
		}
		for _, way := range []link.Link{near, far} {
			if _, err := way.Receive(); !errors.Is(err, ErrGrace) || !errors.Is(err, link.ErrLost) {
				t.Fatalf("ended with %v", err)
			}
			if took := time.Since(start); took != DefaultGrace {
				t.Errorf("after %v", took)
			}
		}
	})
}

func TestResumeAtTheEndOfGrace(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		for range 3 {
			n.setDown(errRoute)
			cut(near)
			time.Sleep(DefaultGrace - 2*longestPause)
			n.setDown(nil)
			converse(t, near, far, 3)
		}
	})
}

// TestEndpointStartedAnew resumes at an endpoint that knows nothing.
func TestEndpointStartedAnew(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, _ link.Link) {
		n.acceptor.mu.Lock()
		clear(n.acceptor.sessions)
		n.acceptor.mu.Unlock()
		cut(near)
		if _, err := near.Receive(); !errors.Is(err, ErrUnknown) || !errors.Is(err, link.ErrLost) {
			t.Fatalf("ended with %v", err)
		}
	})
}

// TestEndpointGone does not wait for grace when there is nothing to wait for.
func TestEndpointGone(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, _ link.Link) {
		n.setDown(ErrGone)
		cut(near)
		if _, err := near.Receive(); !errors.Is(err, ErrGone) || !errors.Is(err, link.ErrLost) {
			t.Fatalf("ended with %v", err)
		}
	})
}

func TestChangesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		defer n.close()
		var told []error
		near, err := Dial(t.Context(), n.dial, func(why error) { told = append(told, why) })
		if err != nil {
			t.Fatal(err)
		}
		converse(t, near, <-n.accepted, 1)
		cut(near)
		time.Sleep(time.Minute)
		near.Close()
		if len(told) != 2 || told[0] == nil || told[1] != nil {
			t.Errorf("told %v", told)
		}
	})
}

// TestMemoryIsBounded sends while detached, and to a side that does not take.
func TestMemoryIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		n.setDown(errRoute)
		cut(near)
		sent := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for near.Send(make([]byte, 1000)) == nil {
				sent += 1000
			}
		}()
		synctest.Wait()
		if sent > replayLimit || sent < replayLimit/2 {
			t.Errorf("%d bytes were taken while detached", sent)
		}
		n.setDown(nil)
		// Nobody receives at the other side, which ends the session.
		<-done
		if sent > 2*replayLimit {
			t.Errorf("%d bytes were taken", sent)
		}
		if _, err := near.Receive(); !errors.Is(err, link.ErrStalled) {
			t.Errorf("ended with %v", err)
		}
	})
}
