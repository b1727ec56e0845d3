package endpoint_test

import (
	"errors"
	"fmt"
	"testing"

	"nearend/internal/endpoint"
	"nearend/internal/link"
	"nearend/internal/protocol"
)

func TestHello(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.connect(t)
		h.send(hello)
		result := parse[protocol.HelloResult](t, h.receive().Result)
		if result.Version != protocol.Version || len(result.Components) != 1 || result.Components[0].Name != "endpoint" {
			t.Fatalf("got %+v", result)
		}
	})
}

func TestHelloOfAnotherVersion(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.connect(t)
		h.send(`{"id":1,"method":"hello","params":{"version":99}}`)
		if reply := h.receive(); reply.Error == nil || reply.Error.Name != protocol.NotSupportedError {
			t.Fatalf("got %v", reply.Error)
		}
	})
}

func TestHelloMustComeFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.connect(t)
		h.send(`{"id":1,"method":"endpoint.logs"}`)
		if reply := h.receive(); reply.Error == nil || reply.Error.Name != protocol.InvalidStateError {
			t.Fatalf("got %v", reply.Error)
		}
	})
}

func TestLogs(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.greet(t)
		h.send(`{"id":2,"method":"endpoint.logs"}`)
		if logs := parse[protocol.LogsResult](t, h.receive().Result); len(logs.Lines) != 1 || logs.Lines[0] != "a line" {
			t.Fatalf("got %+v", logs)
		}
	})
}

func TestMalformedMessages(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.greet(t)
		for _, message := range []string{"", "{", "[]", `{"id":"x"}`, `{"doc":1,"id":1}`} {
			h.send(message)
			if reply := h.receive(); reply.Error == nil || reply.Error.Name != protocol.SyntaxError || reply.ID != 0 {
				t.Fatalf("%q: %+v", message, reply)
			}
		}
	})
}

func TestDocumentsMustBeAnnounced(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.greet(t)
		h.fail("1", protocol.DevicesEnumerate, `{}`, protocol.InvalidStateError)
		h.announce("1", "https://phone.example")
		succeed[protocol.DevicesEnumerateResult](h, "1", protocol.DevicesEnumerate, `{}`)
		h.send(`{"method":"document.close","params":{"document":"1"}}`)
		h.fail("1", protocol.DevicesEnumerate, `{}`, protocol.InvalidStateError)
	})
}

func TestBadDocuments(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.greet(t)
		for _, params := range []string{`{}`, `{"document":"1"}`, `{"document":"1 2","origin":"x"}`, `{"document":1}`} {
			h.send(`{"id":7,"method":"document.open","params":` + params + `}`)
			if reply := h.receive(); reply.Error == nil || reply.Error.Name != protocol.TypeError {
				t.Fatalf("%s: %+v", params, reply)
			}
		}
		for i := range protocol.MaxDocuments + 1 {
			h.announce(fmt.Sprint("d", i), "https://phone.example")
		}
		if reply := h.receive(); reply.Error == nil || reply.Error.Name != protocol.QuotaExceededError {
			t.Fatalf("one document too many: %+v", reply)
		}
	})
}

func TestAPageCannotDoWhatTheExtensionCan(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		for _, method := range []protocol.Method{
			protocol.Hello, protocol.DocumentOpen, protocol.DocumentClose, protocol.EndpointLogs, protocol.HostLogs, protocol.PCChanged, "", "pc.constructor",
		} {
			h.fail("1", method, `{"document":"1","origin":"https://evil.example"}`, protocol.NotSupportedError)
		}
	})
}

func TestClosedEndpointServesNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		d.endpoint.Close()
		if err := <-h.done; !errors.Is(err, link.ErrClosed) {
			t.Errorf("the link ended with %v", err)
		}
		if err := <-d.connect(t).done; !errors.Is(err, endpoint.ErrClosed) {
			t.Errorf("a new link ended with %v", err)
		}
	})
}
