package relay

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/rs/zerolog"

	"nearend/internal/link"
	"nearend/internal/nativemsg"
	"nearend/internal/protocol"
)

func TestHandshakeNamesBothComponents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.hello(t)
	})
}

func TestMessagesPassUnchanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		endpoint := b.hello(t)
		up := `{"later":[1, 2],"doc":"7:0","id":1,"method":"pc.create","params":{"pc":"p1"}}`
		b.write(t, up)
		if message, err := endpoint.Receive(); err != nil || string(message) != up {
			t.Fatalf("the endpoint got %q, %v", message, err)
		}
		down := `{"doc":"7:0","id":1,"result": {}}`
		if err := endpoint.Send([]byte(down)); err != nil {
			t.Fatal(err)
		}
		if got := b.read(t); got != down {
			t.Fatalf("the browser got %q", got)
		}
	})
}

func TestHostLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.write(t, `{"id":1,"method":"host.logs"}`)
		if got := b.read(t); got != `{"id":1,"result":{"lines":["a line"]}}` {
			t.Fatalf("got %s", got)
		}
	})
}

func TestOtherVersionIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.write(t, `{"id":1,"method":"hello","params":{"version":2,"component":{"name":"extension","version":"9"}}}`)
		b.expectError(t, 1, protocol.NotSupportedError)
	})
}

func TestHelloTwiceIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.hello(t)
		b.write(t, helloRequest)
		b.expectError(t, 1, protocol.InvalidStateError)
	})
}

func TestRequestsBeforeHelloAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.write(t, `{"doc":"1","method":"track.stop"}`)
		b.write(t, `{"doc":"1","id":3,"method":"devices.enumerate"}`)
		b.expectError(t, 3, protocol.NetworkError)
	})
}

func TestUnreachableEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.dialError = errors.New("connection refused")
		b.write(t, helloRequest)
		if failure := b.expectError(t, 1, protocol.NetworkError); !strings.Contains(failure.Message, "connection refused") {
			t.Errorf("message %q", failure.Message)
		}
		b.dialError = nil
		b.hello(t)
	})
}

func TestSilentEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.write(t, helloRequest)
		<-b.dialed
		b.expectError(t, 1, protocol.NetworkError)
	})
}

func TestEndpointThatRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.write(t, helloRequest)
		endpoint := <-b.dialed
		if _, err := endpoint.Receive(); err != nil {
			t.Fatal(err)
		}
		endpoint.Send([]byte(`{"id":1,"error":{"name":"NotSupportedError","message":"too new"}}`))
		b.expectError(t, 1, protocol.NotSupportedError)
	})
}

func TestLostLinkIsToldAndHelloReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.hello(t).Close()
		var told protocol.Message
		var event protocol.LinkChangedEvent
		decode(t, b.read(t), &told)
		decode(t, string(told.Params), &event)
		if told.Method != protocol.LinkChanged || event.State != protocol.LinkLost || event.Reason == "" {
			t.Fatalf("told %+v %+v", told, event)
		}
		b.write(t, `{"doc":"1","id":3,"method":"devices.enumerate"}`)
		b.expectError(t, 3, protocol.NetworkError)
		b.hello(t)
	})
}

func TestBadInputIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.hello(t)
		for _, message := range []string{"{", "[]", "", `{"id":"one"}`, `{"id":-1,"method":"x"}`} {
			b.write(t, message)
			b.expectError(t, 0, protocol.SyntaxError)
		}
		b.write(t, strings.Repeat("x", protocol.MaxMessage+1))
		b.expectError(t, 0, protocol.DataError)
		b.write(t, `{"id":9,"method":"host.logs"}`)
		if got := b.read(t); !strings.HasPrefix(got, `{"id":9,"result"`) {
			t.Fatalf("after bad input: %s", got)
		}
	})
}

func TestInputThatIsNotNativeMessagingEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		var header [4]byte
		binary.LittleEndian.PutUint32(header[:], 1<<31)
		b.input.Write(header[:])
		if err := <-b.done; !errors.Is(err, nativemsg.ErrNotNativeMessaging) {
			t.Fatalf("ended with %v", err)
		}
	})
}

func TestEndOfInputEndsEverything(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *browser){
		"before hello": func(*testing.T, *browser) {},
		"in handshake": func(t *testing.T, b *browser) { b.write(t, helloRequest); <-b.dialed },
		"connected":    func(t *testing.T, b *browser) { b.hello(t) },
		"while nobody reads": func(t *testing.T, b *browser) {
			if err := b.hello(t).Send([]byte(`{"method":"levels"}`)); err != nil {
				t.Fatal(err)
			}
		},
		"while the endpoint is stuck": func(t *testing.T, b *browser) {
			b.hello(t)
			go func() {
				writer := nativemsg.NewWriter(b.input, protocol.MaxMessage)
				for writer.Write([]byte(`{"doc":"1","method":"x"}`)) == nil {
				}
			}()
			synctest.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t)
				prepare(t, b)
				b.input.Close()
				if err := <-b.done; err != nil && !errors.Is(err, nativemsg.ErrTruncated) {
					t.Fatalf("ended with %v", err)
				}
			})
		})
	}
}

func TestEndOfContextEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t)
		b.hello(t)
		b.cancel()
		if err := <-b.done; err != nil {
			t.Fatalf("ended with %v", err)
		}
	})
}

const helloRequest = `{"id":1,"method":"hello","params":{"version":1,"component":{"name":"extension","version":"0.1.0"}}}`

// browser is the other side of a relay that runs.
type browser struct {
	input     *io.PipeWriter
	output    *nativemsg.Reader
	dialed    chan link.Link
	dialError error
	cancel    context.CancelFunc
	done      chan error
}

// start runs a relay. synctest fails the test when a goroutine is left over.
func start(t *testing.T) *browser {
	t.Helper()
	inputReader, inputWriter := io.Pipe()
	outputReader, outputWriter := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	b := &browser{
		input:  inputWriter,
		output: nativemsg.NewReader(outputReader, protocol.MaxMessage),
		dialed: make(chan link.Link, 1),
		cancel: cancel,
		done:   make(chan error, 1),
	}
	go func() {
		b.done <- Run(ctx, Config{
			Input:  inputReader,
			Output: outputWriter,
			Dial: func(context.Context) (link.Link, error) {
				if b.dialError != nil {
					return nil, b.dialError
				}
				near, far := link.Pipe()
				b.dialed <- far
				return near, nil
			},
			Component: protocol.Component{Name: "nativehost", Version: "0.1.0"},
			Logs:      func() []string { return []string{"a line"} },
			Log:       zerolog.Nop(),
		})
	}()
	t.Cleanup(cancel)
	return b
}

func (b *browser) write(t *testing.T, message string) {
	t.Helper()
	if err := nativemsg.NewWriter(b.input, 64<<20).Write([]byte(message)); err != nil {
		t.Fatal(err)
	}
}

func (b *browser) read(t *testing.T) string {
	t.Helper()
	message, err := b.output.Read()
	if err != nil {
		t.Fatal(err)
	}
	return string(message)
}

// hello shakes hands and returns the endpoint's side of the link.
func (b *browser) hello(t *testing.T) link.Link {
	t.Helper()
	b.write(t, helloRequest)
	endpoint := <-b.dialed
	data, err := endpoint.Receive()
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"id":1,"method":"hello","params":{"version":1,"component":{"name":"nativehost","version":"0.1.0"}}}`; string(data) != want {
		t.Fatalf("the endpoint was told %s", data)
	}
	if err := endpoint.Send([]byte(`{"id":1,"result":{"version":1,"components":[{"name":"endpoint","version":"0.2.0"}]}}`)); err != nil {
		t.Fatal(err)
	}
	const want = `{"id":1,"result":{"version":1,"components":[{"name":"nativehost","version":"0.1.0"},{"name":"endpoint","version":"0.2.0"}]}}`
	if got := b.read(t); got != want {
		t.Fatalf("hello was answered with %s", got)
	}
	return endpoint
}

func (b *browser) expectError(t *testing.T, id uint64, name protocol.ErrorName) *protocol.Error {
	t.Helper()
	var reply protocol.Message
	decode(t, b.read(t), &reply)
	if reply.ID != id || reply.Error == nil || reply.Error.Name != name {
		t.Fatalf("got %+v, error %v; want %s for %d", reply, reply.Error, name, id)
	}
	return reply.Error
}

func decode(t *testing.T, data string, target any) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), target); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}
