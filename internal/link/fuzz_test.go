package link

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// heard is a stream of which the other side's bytes are given.
type heard struct{ *bytes.Reader }

func (heard) Write(p []byte) (int, error) { return len(p), nil }
func (heard) Close() error                { return nil }

func FuzzStream(f *testing.F) {
	f.Add([]byte(frame(part, "ab") + frame(heartbeat, "") + frame(last, "c")))
	f.Add([]byte(lengthOf(1<<32 - 1)))
	f.Add([]byte(frame(credit, lengthOf(1<<31))))
	f.Add([]byte(strings.Repeat(frame(last, ""), 100)))
	f.Fuzz(func(t *testing.T, input []byte) {
		way := NewStream(heard{bytes.NewReader(append(preamble(), input...))})
		received := 0
		for {
			message, err := way.Receive()
			if err != nil {
				if !errors.Is(err, ErrLost) {
					t.Fatalf("ended with %v", err)
				}
				break
			}
			received += lengthSize + 1 + len(message)
		}
		if received > len(input) {
			t.Fatalf("%d bytes of messages from %d bytes", received, len(input))
		}
		way.Close()
	})
}
