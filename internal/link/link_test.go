package link

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
)

// kinds makes every kind of link, so that all are held to one contract.
var kinds = map[string]func() (Link, Link){
	"pipe": Pipe,
	"stream": func() (Link, Link) {
		near, far := net.Pipe()
		return NewStream(near), NewStream(far)
	},
}

func TestMessagesArriveInOrder(t *testing.T) {
	for name, pair := range kinds {
		t.Run(name, func(t *testing.T) {
			near, far := pair()
			defer near.Close()
			defer far.Close()
			const count = 1000
			var sender sync.WaitGroup
			sender.Go(func() {
				for i := range count {
					if err := near.Send(fmt.Appendf(nil, "message %d", i)); err != nil {
						t.Error(err)
					}
				}
			})
			for i := range count {
				message, err := far.Receive()
				if want := fmt.Sprintf("message %d", i); err != nil || string(message) != want {
					t.Fatalf("got %q, %v; want %q", message, err, want)
				}
			}
			sender.Wait()
		})
	}
}

func TestCloseEndsBothSides(t *testing.T) {
	for name, pair := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := pair()
				results := make(chan error, 2)
				go func() { _, err := near.Receive(); results <- err }()
				go func() { _, err := far.Receive(); results <- err }()
				synctest.Wait()
				near.Close()
				near.Close()
				first, second := <-results, <-results
				if errors.Is(first, ErrLost) {
					first, second = second, first
				}
				if !errors.Is(first, ErrClosed) || !errors.Is(second, ErrLost) {
					t.Fatalf("got %v and %v", first, second)
				}
				if err := near.Send([]byte("x")); !errors.Is(err, ErrClosed) {
					t.Errorf("send on a closed side: %v", err)
				}
				if err := far.Send([]byte("x")); !errors.Is(err, ErrLost) {
					t.Errorf("send to a closed side: %v", err)
				}
				far.Close()
			})
		})
	}
}

func TestPipeDeliversWhatWasSentBeforeClose(t *testing.T) {
	near, far := Pipe()
	if err := near.Send([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	near.Close()
	if message, err := far.Receive(); err != nil || string(message) != "last words" {
		t.Fatalf("got %q, %v", message, err)
	}
	if _, err := far.Receive(); !errors.Is(err, ErrLost) {
		t.Fatalf("then: %v, want ErrLost", err)
	}
}

func TestPipePushesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := Pipe()
		sent := 0
		done := make(chan error)
		go func() {
			for {
				if err := near.Send(nil); err != nil {
					done <- err
					return
				}
				sent++
			}
		}()
		synctest.Wait()
		if sent != pipeDepth {
			t.Fatalf("%d messages were taken, want %d", sent, pipeDepth)
		}
		if _, err := far.Receive(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if sent != pipeDepth+1 {
			t.Fatalf("%d messages were taken after one was read", sent)
		}
		far.Close()
		if err := <-done; !errors.Is(err, ErrLost) {
			t.Fatalf("blocked send ended with %v", err)
		}
	})
}

func TestTooLargeMessages(t *testing.T) {
	for name, pair := range kinds {
		t.Run(name, func(t *testing.T) {
			near, far := pair()
			defer near.Close()
			defer far.Close()
			if err := near.Send(make([]byte, MaxMessage+Headroom+1)); !errors.Is(err, ErrTooLarge) {
				t.Fatalf("got %v", err)
			}
			go near.Send(make([]byte, MaxMessage))
			if message, err := far.Receive(); err != nil || len(message) != MaxMessage {
				t.Fatalf("the largest allowed: %d bytes, %v", len(message), err)
			}
		})
	}
}
