package endpoint_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/audio/audiotest"
	"nearend/internal/link"
	"nearend/internal/link/resume"
	"nearend/internal/pcm"
	"nearend/internal/protocol"
)

// road is a way to an endpoint that can be broken up and made again.
type road struct {
	acceptor *resume.Acceptor
	mu       sync.Mutex
	closed   bool
	last     net.Conn
}

// shut ends the connection, and no other can be made until open.
func (r *road) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.last.Close()
}

func (r *road) open() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = false
}

func (r *road) dial(context.Context) (io.ReadWriteCloser, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("no route")
	}
	near, far := net.Pipe()
	r.last = near
	go r.acceptor.Accept(far, "")
	return near, nil
}

// overRoad makes a host that speaks to the endpoint over a road.
func overRoad(t *testing.T, d *desk) (*host, *road) {
	t.Helper()
	h := &host{t: t, done: make(chan error, 1)}
	r := &road{acceptor: resume.NewAcceptor(resume.DefaultGrace, func(way link.Link) { h.done <- d.endpoint.Serve(way) })}
	way, err := resume.Dial(t.Context(), r.dial, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.way = way
	h.send(hello)
	if reply := h.receive(); reply.Error != nil {
		t.Fatal(reply.Error)
	}
	h.lastID = 1
	h.announce("1", "https://phone.example")
	return h, r
}

func TestDocumentsSurviveAReconnect(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h, r := overRoad(t, d)
		defer r.acceptor.Close()
		defer h.way.Close()
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, plainVoice)
		succeed[protocol.PCReply](h, "1", protocol.PCCreate, `{"pc":"p1","configuration":`+configuration+`}`)
		for range 2 {
			r.shut()
			synctest.Wait()
			// What is asked meanwhile is answered afterwards.
			h.lastID++
			asked := h.lastID
			h.send(fmt.Sprintf(`{"doc":"1","id":%d,"method":"track.setEnabled","params":{"track":"voice","enabled":true}}`, asked))
			time.Sleep(resume.DefaultGrace - 5*time.Second)
			r.open()
			h.await(func(m *protocol.Message) bool { return m.ID == asked })
			succeed[protocol.PCDescriptionReply](h, "1", protocol.PCCreateOffer, `{"pc":"p1"}`)
		}
	})
}

// TestCallGoesOnWhileDetached listens to a call that nobody can control.
func TestCallGoesOnWhileDetached(t *testing.T) {
	d := newDesk()
	defer d.close()
	speaker := d.system.PlugOutput("out", "Speaker")
	microphone := d.system.PlugInput("in", "Microphone")
	h, r := overRoad(t, d)
	defer r.acceptor.Close()
	defer h.way.Close()
	connectCall(t, h)
	tone := audiotest.Tone(400, 0.5, 1)
	microphone.SetSource(func(frame []int16) { copy(frame, tone) })
	await(t, "the call to be heard", func() bool { return audiotest.Level(speaker.Heard()) > 0.1 })

	const frame = 2 * pcm.FrameSamples
	var heard []int16
	r.shut()
	speaker.Forget()
	await(t, "two seconds without a link", func() bool { heard = speaker.Heard(); return len(heard) >= 200*frame })
	quiet := 0
	for start := 0; start+frame <= len(heard); start += frame {
		if audiotest.Level(heard[start:start+frame]) < 0.05 {
			quiet++
		}
	}
	// A machine that is short of time may lose some.
	if quiet > len(heard)/frame/10 {
		t.Errorf("%d of %d frames were silent while there was no link", quiet, len(heard)/frame)
	}
	r.open()
	succeed[protocol.PCDescriptionReply](h, "1", protocol.PCCreateOffer, `{"pc":"p1"}`)
}

func TestDocumentsEndWithGrace(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h, r := overRoad(t, d)
		defer r.acceptor.Close()
		defer h.way.Close()
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, plainVoice)
		start := time.Now()
		r.shut()
		if err := <-h.done; !errors.Is(err, resume.ErrGrace) || time.Since(start) < resume.DefaultGrace {
			t.Fatalf("served until %v after %v", err, time.Since(start))
		}
		if captures, _ := d.system.Open(); captures != 0 {
			t.Errorf("%d captures are open", captures)
		}
	})
}

// TestSameExtensionAgain has a native messaging host killed and another
// started by the same extension.
func TestSameExtensionAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		greet := func(instance string) *host {
			h := d.connect(t)
			h.send(`{"id":1,"method":"hello","params":{"version":1,"component":{"name":"nativehost","version":"0.1.0"},"instance":"` + instance + `"}}`)
			h.receive()
			h.lastID = 1
			return h
		}
		first, other := greet("a"), greet("b")
		first.announce("1", "https://phone.example")
		succeed[protocol.GetUserMediaResult](first, "1", protocol.DevicesGetUserMedia, plainVoice)
		second := greet("a")
		if err := <-first.done; err == nil {
			t.Error("the first is still served")
		}
		if captures, _ := d.system.Open(); captures != 0 {
			t.Errorf("%d captures are open", captures)
		}
		for _, h := range []*host{second, other} {
			h.announce("1", "https://phone.example")
			h.ask("1", protocol.DevicesEnumerate, `{}`)
		}
	})
}

// TestLevelsDoNotWaitForAReconnect would otherwise show a meter's past.
func TestLevelsDoNotWaitForAReconnect(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		microphone := d.plug()
		h, r := overRoad(t, d)
		defer r.acceptor.Close()
		defer h.way.Close()
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, plainVoice)
		microphone.SetSource(func(frame []int16) {
			for i := range frame {
				frame[i] = int16(i % 100 * 100)
			}
		})
		succeed[struct{}](h, "1", protocol.LevelsObserve, `{"tracks":["voice"]}`)
		event[protocol.LevelsEvent](h, protocol.Levels)
		r.shut()
		time.Sleep(10 * time.Second)
		r.open()
		h.ask("1", protocol.DevicesEnumerate, `{}`)
		levels := 0
		for _, message := range h.held {
			if message.Method == protocol.Levels {
				levels++
			}
		}
		// Some were under way, some came after, 10 s are over 300.
		if levels > 100 {
			t.Errorf("%d events came after the reconnect", levels)
		}
	})
}
