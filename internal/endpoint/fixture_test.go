package endpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio/audiotest"
	"nearend/internal/deviceid"
	"nearend/internal/endpoint"
	"nearend/internal/link"
	"nearend/internal/peer"
	"nearend/internal/protocol"
)

const hello = `{"id":1,"method":"hello","params":{"version":1,"component":{"name":"nativehost","version":"0.1.0"}}}`

// desk is an endpoint on a sound system made of memory.
type desk struct {
	system   *audiotest.System
	endpoint *endpoint.Endpoint
}

// inBubble runs a test in a synctest bubble, which fails when a goroutine is
// left over after the endpoint was closed.
func inBubble(t *testing.T, test func(*testing.T, *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		defer d.close()
		test(t, d)
	})
}

func newDesk() *desk {
	system := audiotest.New()
	system.Run()
	return &desk{system: system, endpoint: endpoint.New(endpoint.Config{
		System:    system,
		Salter:    deviceid.NewSalter(bytes.Repeat([]byte{1}, deviceid.SecretSize)),
		Component: protocol.Component{Name: "endpoint", Version: "0.1.0"},
		Logs:      func() []string { return []string{"a line"} },
		Network:   peer.NewAPI(peer.WithLoopback()),
		Log:       zerolog.Nop(),
	})}
}

func (d *desk) close() {
	d.endpoint.Close()
	d.system.Close()
}

// plug adds a headset, the default, and a webcam.
func (d *desk) plug() *audiotest.Input {
	microphone := d.system.PlugInput("in-headset", "Microphone (Headset)")
	d.system.PlugInput("in-webcam", "Microphone (Webcam)")
	d.system.PlugOutput("out-headset", "Speakers (Headset)")
	d.system.PlugOutput("out-desk", "Speakers (Desk)")
	return microphone
}

// host is a native messaging host at the other end of a link.
type host struct {
	t    testing.TB
	way  link.Link
	done chan error
	// held are messages that came while another was waited for.
	held   []*protocol.Message
	lastID uint64
}

// connect makes a link to the endpoint.
func (d *desk) connect(t testing.TB) *host {
	near, far := link.Pipe()
	h := &host{t: t, way: near, done: make(chan error, 1)}
	go func() { h.done <- d.endpoint.Serve(far) }()
	return h
}

// greet connects and says hello.
func (d *desk) greet(t testing.TB) *host {
	t.Helper()
	h := d.connect(t)
	h.send(hello)
	if reply := h.receive(); reply.Error != nil {
		t.Fatalf("hello: %v", reply.Error)
	}
	h.lastID = 1
	return h
}

// open greets and announces a document.
func (d *desk) open(t testing.TB) *host {
	t.Helper()
	h := d.greet(t)
	h.announce("1", "https://phone.example")
	return h
}

func (h *host) announce(document, origin string) {
	h.t.Helper()
	h.send(fmt.Sprintf(`{"method":"document.open","params":{"document":%q,"origin":%q}}`, document, origin))
}

func (h *host) send(message string) {
	h.t.Helper()
	if err := h.way.Send([]byte(message)); err != nil {
		h.t.Fatal(err)
	}
}

func (h *host) receive() *protocol.Message {
	h.t.Helper()
	// Nothing that is tested takes a minute.
	timer := time.AfterFunc(time.Minute, func() { h.way.Close() })
	defer timer.Stop()
	data, err := h.way.Receive()
	if err != nil {
		h.t.Fatal(err)
	}
	message, err := protocol.Decode(data)
	if err != nil {
		h.t.Fatal(err)
	}
	return message
}

// await returns the first message held or to come that fits.
func (h *host) await(fits func(*protocol.Message) bool) *protocol.Message {
	h.t.Helper()
	for i, message := range h.held {
		if fits(message) {
			h.held = append(h.held[:i], h.held[i+1:]...)
			return message
		}
	}
	for {
		message := h.receive()
		if fits(message) {
			return message
		}
		h.held = append(h.held, message)
	}
}

// ask sends a request of a document and returns the reply.
func (h *host) ask(document string, method protocol.Method, params string) *protocol.Message {
	h.t.Helper()
	h.lastID++
	id := h.lastID
	h.send(fmt.Sprintf(`{"doc":%q,"id":%d,"method":%q,"params":%s}`, document, id, method, params))
	return h.await(func(m *protocol.Message) bool { return m.Doc == document && m.ID == id })
}

// succeed asks and parses the result.
func succeed[R any](h *host, document string, method protocol.Method, params string) R {
	h.t.Helper()
	reply := h.ask(document, method, params)
	if reply.Error != nil {
		h.t.Fatalf("%s: %v", method, reply.Error)
	}
	return parse[R](h.t, reply.Result)
}

// fail asks and returns the error, which must have the name.
func (h *host) fail(document string, method protocol.Method, params string, want protocol.ErrorName) *protocol.Error {
	h.t.Helper()
	reply := h.ask(document, method, params)
	if reply.Error == nil || reply.Error.Name != want {
		h.t.Fatalf("%s %s: error %v, result %s; want %s", method, params, reply.Error, reply.Result, want)
	}
	return reply.Error
}

// event waits for a notification.
func event[E any](h *host, method protocol.Method) E {
	h.t.Helper()
	return parse[E](h.t, h.await(func(m *protocol.Message) bool { return m.Method == method }).Params)
}

func parse[V any](t testing.TB, data json.RawMessage) V {
	t.Helper()
	var value V
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return value
}
