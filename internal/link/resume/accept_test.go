package resume

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/link"
)

func TestStrangersAreRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		wrong := n.session.ticket
		wrong.token[0]++
		for name, message := range map[string][]byte{
			"wrong token":        resumeMessage(wrong, 0),
			"unknown id":         resumeMessage(ticket{}, 0),
			"too many received":  resumeMessage(n.session.ticket, 1),
			"all there could be": resumeMessage(n.session.ticket, 1<<64-1),
		} {
			if k, err := n.attempt(message); k != refused || err != nil {
				t.Errorf("%s: answered with %d, %v", name, k, err)
			}
		}
		for name, message := range map[string][]byte{
			"nothing": {}, "half a ticket": {byte(resume), 1}, "data first": {byte(data), 1}, "unknown kind": {99},
		} {
			if k, err := n.attempt(message); err == nil {
				t.Errorf("%s: answered with %d", name, k)
			}
		}
		converse(t, near, far, 3)
	})
}

func TestOthersCannotResume(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		n.owner = "somebody else"
		if k, err := n.attempt(resumeMessage(n.session.ticket, 0)); k != refused || err != nil {
			t.Errorf("answered with %d, %v", k, err)
		}
		converse(t, near, far, 1)
	})
}

func TestEvict(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network, near, far link.Link) {
		n.acceptor.Evict("somebody else")
		converse(t, near, far, 1)
		n.acceptor.Evict("")
		if _, err := near.Receive(); !errors.Is(err, link.ErrLost) {
			t.Errorf("the session ended with %v", err)
		}
	})
}

func TestNoGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		defer n.close()
		n.acceptor.grace = 0
		near, far := n.open(t)
		defer near.Close()
		time.Sleep(time.Minute)
		converse(t, near, far, 1)
		cut(near)
		for _, way := range []link.Link{near, far} {
			if _, err := way.Receive(); !errors.Is(err, ErrGrace) {
				t.Errorf("ended with %v", err)
			}
		}
	})
}

// TestLiesWithinASession end the stream, not the endpoint.
func TestLiesWithinASession(t *testing.T) {
	for name, lie := range map[string][]byte{
		"acknowledges too much": compose(ack, number(1)),
		"opens again":           compose(open),
		"unknown kind":          {99},
		"ack of a wrong size":   {byte(ack), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(nil)
				defer n.close()
				stream, _ := n.dial(t.Context())
				way := link.NewStream(stream)
				defer way.Close()
				if _, err := exchange(way, compose(open)); err != nil {
					t.Fatal(err)
				}
				far := <-n.accepted
				way.Send(lie)
				if _, err := way.Receive(); !errors.Is(err, link.ErrLost) {
					t.Fatalf("the stream ended with %v", err)
				}
				if _, err := far.Receive(); !errors.Is(err, ErrGrace) {
					t.Fatalf("the session ended with %v", err)
				}
			})
		})
	}
}

func TestSilentStreamIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		defer n.close()
		stream, _ := n.dial(t.Context())
		way := link.NewStream(stream)
		defer way.Close()
		start := time.Now()
		if _, err := way.Receive(); !errors.Is(err, link.ErrLost) || time.Since(start) > answerWithin+time.Second {
			t.Fatalf("ended with %v after %v", err, time.Since(start))
		}
	})
}

func TestTooManySessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		defer n.close()
		for range maxSessions {
			way, err := Dial(t.Context(), n.dial, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer way.Close()
		}
		if _, err := Dial(t.Context(), n.dial, nil); !errors.Is(err, ErrTooMany) {
			t.Fatalf("one more: %v", err)
		}
	})
}

func FuzzAcceptor(f *testing.F) {
	f.Add(compose(open), []byte{byte(data), 1})
	f.Add(resumeMessage(ticket{}, 7), compose(ack, number(9)))
	f.Add([]byte{byte(resume)}, compose(bye))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		if len(first) > link.MaxMessage || len(second) > link.MaxMessage {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			n := newNetwork(nil)
			stream, _ := n.dial(t.Context())
			way := link.NewStream(stream)
			way.Send(first)
			way.Send(second)
			time.Sleep(time.Second)
			way.Close()
			n.close()
		})
	})
}
