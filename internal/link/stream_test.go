package link

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// frame is a frame as the other side might send it.
func frame(k kind, body string) string { return string(appendFrame(nil, k, []byte(body))) }

func lengthOf(n uint32) string { return string(binary.LittleEndian.AppendUint32(nil, n)) }

// against connects a link to a side that a test plays itself. What the link
// writes is read and kept from nobody.
func against(t *testing.T) (Link, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	way := NewStream(near)
	t.Cleanup(func() { way.Close(); far.Close() })
	return way, far
}

func TestBadPeersAreNamed(t *testing.T) {
	ok := string(preamble())
	full := frame(part, strings.Repeat("x", maxPiece))
	for name, test := range map[string]struct {
		input string
		want  error
	}{
		"speaks HTTP":                {"HTTP/1.1 400 Bad Request\r\n", ErrForeign},
		"speaks another version":     {magic + "\x02", ErrVersion},
		"ends within its first":      {magic[:3], ErrLost},
		"length of nothing":          {ok + lengthOf(0), ErrMalformed},
		"length of one too much":     {ok + lengthOf(maxFrame-lengthSize+1), ErrMalformed},
		"length of four gigabytes":   {ok + lengthOf(1<<32-1), ErrMalformed},
		"length without the frame":   {ok + lengthOf(100) + "x", ErrLost},
		"unknown kind":               {ok + frame(9, ""), ErrMalformed},
		"heartbeat with a body":      {ok + frame(heartbeat, "x"), ErrMalformed},
		"credit of the wrong size":   {ok + frame(credit, "abc"), ErrMalformed},
		"credit beyond the window":   {ok + frame(credit, lengthOf(1)), ErrMalformed},
		"credit that wraps around":   {ok + frame(credit, lengthOf(1<<31)), ErrMalformed},
		"parts without content":      {ok + frame(part, ""), ErrMalformed},
		"more than it has credit":    {ok + strings.Repeat(full, 17), ErrFlooded},
		"many messages of nothing":   {ok + strings.Repeat(frame(last, ""), window/pieceCost+1), ErrFlooded},
		"ends within a message":      {ok + full, ErrLost},
		"ends as it should":          {ok + frame(last, "x"), ErrLost},
		"heartbeats within messages": {ok + full + frame(heartbeat, "") + frame(last, "x"), ErrLost},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				way, far := against(t)
				go io.Copy(io.Discard, far)
				go func() { io.WriteString(far, test.input); far.Close() }()
				synctest.Wait()
				for {
					_, err := way.Receive()
					if err == nil {
						continue
					}
					if !errors.Is(err, test.want) || !errors.Is(err, ErrLost) {
						t.Fatalf("ended with %v, want %v", err, test.want)
					}
					if err := way.Send(nil); !errors.Is(err, test.want) {
						t.Fatalf("send: %v, want %v", err, test.want)
					}
					return
				}
			})
		})
	}
}

// TestMessageWithoutEnd sends one within the credit that Receive gives back.
func TestMessageWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		way, far := against(t)
		go io.Copy(io.Discard, far)
		done := make(chan struct{})
		go func() {
			defer close(done)
			far.Write(preamble())
			full := frame(part, strings.Repeat("x", maxPiece))
			for {
				// Leave time for credit, as an honest sender would.
				time.Sleep(time.Millisecond)
				if _, err := io.WriteString(far, full); err != nil {
					return
				}
			}
		}()
		if _, err := way.Receive(); !errors.Is(err, ErrTooLarge) {
			t.Fatalf("ended with %v", err)
		}
		<-done
	})
}

func TestSilence(t *testing.T) {
	for name, sent := range map[string]string{
		"nothing at all":        "",
		"nothing after hello":   string(preamble()),
		"a frame without end":   string(preamble()) + lengthOf(8) + "x",
		"a frame, then nothing": string(preamble()) + frame(heartbeat, ""),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				way, far := against(t)
				go io.Copy(io.Discard, far)
				io.WriteString(far, sent)
				if _, err := way.Receive(); !errors.Is(err, ErrSilent) {
					t.Fatalf("ended with %v", err)
				}
				if took := time.Since(start); took != silenceAfter {
					t.Errorf("after %v", took)
				}
			})
		})
	}
}

// TestFrozen has a peer that does not even read.
func TestFrozen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		way, _ := against(t)
		go way.Send(make([]byte, MaxMessage))
		if _, err := way.Receive(); !errors.Is(err, ErrSilent) || time.Since(start) != silenceAfter {
			t.Fatalf("ended with %v after %v", err, time.Since(start))
		}
		way.Close()
		if took := time.Since(start); took > silenceAfter+farewell {
			t.Errorf("close took %v", took)
		}
	})
}

func TestHeartbeatsKeepAnIdleLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		near, far := NewStream(a), NewStream(b)
		defer near.Close()
		defer far.Close()
		time.Sleep(time.Hour)
		if err := near.Send([]byte("still there")); err != nil {
			t.Fatal(err)
		}
		if message, err := far.Receive(); err != nil || string(message) != "still there" {
			t.Fatalf("got %q, %v", message, err)
		}
	})
}

// TestStalled has a peer that lives and reads but takes no message.
func TestStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		a, b := net.Pipe()
		near, far := NewStream(a), NewStream(b)
		defer near.Close()
		defer far.Close()
		sent := 0
		for {
			err := near.Send(make([]byte, 1000))
			if err == nil {
				sent += 1000 + pieceCost
				continue
			}
			if !errors.Is(err, ErrStalled) || time.Since(start) != stallAfter {
				t.Fatalf("ended with %v after %v", err, time.Since(start))
			}
			break
		}
		// One window at the other side, one here.
		if sent > 2*window {
			t.Errorf("%d bytes were taken from a sender that nobody listened to", sent)
		}
	})
}

// TestHeartbeatOvertakesAMessage keeps a large message waiting for credit.
func TestHeartbeatOvertakesAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		way, far := against(t)
		go far.Write(preamble())
		if err := checkPreamble(far); err != nil {
			t.Fatal(err)
		}
		if err := way.Send(make([]byte, MaxMessage)); err != nil {
			t.Fatal(err)
		}
		frames := newFrameReader(far)
		pieces := 0
		for {
			k, body, err := frames.next()
			if err != nil {
				t.Fatal(err)
			}
			if k == heartbeat {
				break
			}
			pieces += cost(body)
		}
		if pieces > window || pieces < window-maxFrame-pieceCost {
			t.Errorf("%d bytes were sent on a credit of %d", pieces, window)
		}
	})
}

func TestCloseDeliversWhatWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		near, far := NewStream(a), NewStream(b)
		defer far.Close()
		for range 20 {
			if err := near.Send(make([]byte, 5000)); err != nil {
				t.Fatal(err)
			}
		}
		near.Close()
		for range 20 {
			if message, err := far.Receive(); err != nil || len(message) != 5000 {
				t.Fatalf("got %d bytes, %v", len(message), err)
			}
		}
		if _, err := far.Receive(); !errors.Is(err, ErrLost) {
			t.Fatalf("then %v", err)
		}
	})
}
