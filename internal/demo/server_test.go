package demo

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"nearend/internal/measure"
)

// TestFarEnd calls the far end as a page would, with pion in its place: the
// greeting arrives, what is said is recorded and comes back.
func TestFarEnd(t *testing.T) {
	greeting := Greeting().Slice(0, time.Second)
	words := Greeting().Slice(2*time.Second, 3*time.Second)
	for _, codec := range []string{"opus", "PCMU", "PCMA"} {
		t.Run(codec, func(t *testing.T) {
			server := serve(t, FarEndOptions{Codec: codec, Greeting: &greeting, EchoDelay: 20 * time.Millisecond, Record: time.Minute})
			c := dialAs(t, server, codec)
			call, err := server.NextCall(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c.waitFor(call.Connected(), "the connection")

			greeted, spoken := c.choice.mustEncode(t, greeting), c.choice.mustEncode(t, words)
			c.hearUntil(greeted[len(greeted)-1])
			for i, payload := range spoken {
				c.say(uint32(i)*c.step(), payload)
			}
			c.hearUntil(spoken[0])
			for _, payload := range spoken[1:] {
				if got := c.hear(); string(got.Payload) != string(payload) {
					t.Fatal("the echo is not what was said")
				}
			}
			if m := measure.Find(words, call.Heard().Sound); m.Peak < 0.9 {
				t.Errorf("the recording matches with %.2f, want 0.9", m.Peak)
			}
			c.send(message{Type: "bye", To: FarEndNumber})
			c.waitFor(call.Ended(), "the end")
		})
	}
}

func TestUnknownCodec(t *testing.T) {
	if _, err := New(Options{FarEnd: FarEndOptions{Codec: "iLBC"}}); err == nil || !strings.Contains(err.Error(), "iLBC") {
		t.Errorf("got %v, want an error that names iLBC", err)
	}
}

func TestPageIsServed(t *testing.T) {
	server := serve(t, FarEndOptions{})
	response, err := http.Get(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(text), "Softphone") {
		t.Errorf("got %q, %v", text, err)
	}
}

func serve(t *testing.T, farEnd FarEndOptions) *Server {
	t.Helper()
	server, err := New(Options{FarEnd: farEnd})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return server
}

// caller stands in for the page.
type caller struct {
	t       *testing.T
	line    *websocket.Conn
	choice  codecChoice
	track   *webrtc.TrackLocalStaticRTP
	packets chan *rtp.Packet
	next    uint16
}

func dialAs(t *testing.T, server *Server, codec string) *caller {
	t.Helper()
	choice, err := chooseCodec(codec)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t: t, choice: choice, packets: make(chan *rtp.Packet, 1000)}
	c.line, _, err = websocket.Dial(t.Context(), strings.Replace(server.URL(), "http", "ws", 1)+"signalling", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.line.CloseNow() })

	media := &webrtc.MediaEngine{}
	if err := choice.register(media); err != nil {
		t.Fatal(err)
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	if c.track, err = webrtc.NewTrackLocalStaticRTP(choice.capability(), "a", "a"); err != nil {
		t.Fatal(err)
	}
	if _, err = pc.AddTrack(c.track); err != nil {
		t.Fatal(err)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			c.packets <- packet
		}
	})
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	c.waitFor(gathered, "candidates")
	c.send(message{Type: "offer", To: FarEndNumber, SDP: pc.LocalDescription().SDP})
	for answered := false; !answered; {
		m := c.receive()
		if answered = m.Type == "answer"; answered {
			if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP}); err != nil {
				t.Fatal(err)
			}
		}
	}
	go func() {
		for {
			var m message
			if wsjson.Read(t.Context(), c.line, &m) != nil {
				return
			}
			var candidate webrtc.ICECandidateInit
			if m.Type == "candidate" && json.Unmarshal(m.Candidate, &candidate) == nil {
				_ = pc.AddICECandidate(candidate)
			}
		}
	}()
	return c
}

func (c *caller) step() uint32 { return uint32(c.choice.clockRate / 50) }

func (c *caller) send(m message) {
	c.t.Helper()
	if err := wsjson.Write(c.t.Context(), c.line, m); err != nil {
		c.t.Fatal(err)
	}
}

func (c *caller) receive() (m message) {
	c.t.Helper()
	if err := wsjson.Read(c.t.Context(), c.line, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *caller) say(timestamp uint32, payload []byte) {
	c.t.Helper()
	c.next++
	header := rtp.Header{Version: 2, SequenceNumber: c.next, Timestamp: timestamp}
	if err := c.track.WriteRTP(&rtp.Packet{Header: header, Payload: payload}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *caller) hear() *rtp.Packet {
	c.t.Helper()
	select {
	case packet := <-c.packets:
		return packet
	case <-time.After(10 * time.Second):
		c.t.Fatal("no packet from the far end")
		return nil
	}
}

// hearUntil passes over packets up to one with that payload. The first ones
// may be lost while the caller's end is not ready.
func (c *caller) hearUntil(payload []byte) {
	c.t.Helper()
	for string(c.hear().Payload) != string(payload) {
	}
}

func (c *caller) waitFor(what <-chan struct{}, name string) {
	c.t.Helper()
	select {
	case <-what:
	case <-time.After(20 * time.Second):
		c.t.Fatal("waited in vain for " + name)
	}
}

func (c codecChoice) mustEncode(t *testing.T, r measure.Recording) [][]byte {
	t.Helper()
	packets, err := c.encode(r, 0)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}
