package peer

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/rs/zerolog"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

func TestConfigurationErrors(t *testing.T) {
	for what, c := range map[string]struct {
		configuration protocol.Configuration
		name          protocol.ErrorName
	}{
		"policy":      {protocol.Configuration{IceTransportPolicy: "some"}, protocol.TypeError},
		"bundle":      {protocol.Configuration{BundlePolicy: "none"}, protocol.TypeError},
		"mux":         {protocol.Configuration{RTCPMuxPolicy: "negotiate"}, protocol.NotSupportedError},
		"scheme":      {protocol.Configuration{IceServers: []protocol.IceServer{{URLs: []string{"http://x"}}}}, protocol.SyntaxError},
		"no url":      {protocol.Configuration{IceServers: []protocol.IceServer{{}}}, protocol.SyntaxError},
		"credentials": {protocol.Configuration{IceServers: []protocol.IceServer{{URLs: []string{"turn:x"}}}}, protocol.InvalidAccessError},
		"pool":        {protocol.Configuration{IceCandidatePoolSize: 256}, protocol.TypeError},
	} {
		t.Run(what, func(t *testing.T) {
			_, err := New(Config{Media: newMediaDouble(), Out: &page{t: t}, Log: zerolog.Nop()},
				protocol.PCCreateParams{PC: "p1", Configuration: c.configuration})
			if err == nil || err.Name != c.name {
				t.Errorf("got %v, want %s", err, c.name)
			}
		})
	}
	for _, id := range []string{"", "e:1", "a b", strings.Repeat("x", protocol.MaxID+1), "é"} {
		if _, err := New(Config{Media: newMediaDouble(), Out: &page{t: t}}, protocol.PCCreateParams{PC: id}); err == nil {
			t.Errorf("id %q is accepted", id)
		}
	}
}

func TestBadParams(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	p.addTransceiver("t1", "sendrecv")
	both, wrong := 1, 70000
	for what, c := range map[string]struct {
		method protocol.Method
		params any
		name   protocol.ErrorName
	}{
		"unknown method":    {"pc.explode", struct{}{}, protocol.NotSupportedError},
		"wrong type":        {protocol.PCAddTransceiver, map[string]any{"pc": 7}, protocol.TypeError},
		"not an object":     {protocol.PCCreateOffer, "x", protocol.TypeError},
		"twice":             {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "t1", Kind: "audio", Direction: "sendrecv"}, protocol.InvalidAccessError},
		"endpoint's id":     {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "e:1", Kind: "audio", Direction: "sendrecv"}, protocol.TypeError},
		"video":             {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "t2", Kind: "video", Direction: "sendrecv"}, protocol.NotSupportedError},
		"direction":         {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "t2", Kind: "audio", Direction: "up"}, protocol.TypeError},
		"stream injection":  {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "t2", Kind: "audio", Direction: "sendrecv", Streams: []string{"a\r\na=x"}}, protocol.TypeError},
		"track injection":   {protocol.SenderReplaceTrack, protocol.SenderReplaceTrackParams{Transceiver: "t1", Track: "a b"}, protocol.TypeError},
		"no transceiver":    {protocol.TransceiverSetDirection, protocol.TransceiverSetDirectionParams{Transceiver: "t9", Direction: "sendrecv"}, protocol.InvalidStateError},
		"two encodings":     {protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{Transceiver: "t2", Kind: "audio", Direction: "sendrecv", Encodings: make([]protocol.Encoding, 2)}, protocol.OperationError},
		"DTMF too early":    {protocol.SenderInsertDTMF, protocol.SenderInsertDTMFParams{Transceiver: "t1", Tones: "1"}, protocol.InvalidStateError},
		"reliability":       {protocol.DataChannelCreate, protocol.DataChannelCreateParams{Channel: "d1", Options: protocol.DataChannelOptions{MaxRetransmits: &both, MaxPacketLifeTime: &both}}, protocol.TypeError},
		"channel id":        {protocol.DataChannelCreate, protocol.DataChannelCreateParams{Channel: "d1", Options: protocol.DataChannelOptions{Negotiated: true, ID: &wrong}}, protocol.TypeError},
		"no channel":        {protocol.DataChannelSend, protocol.DataChannelSendParams{Channel: "d9"}, protocol.InvalidStateError},
		"description":       {protocol.PCSetRemoteDescription, protocol.PCSetDescriptionParams{}, protocol.TypeError},
		"large description": {protocol.PCSetRemoteDescription, describe("offer", strings.Repeat("a=x\r\n", protocol.MaxSDP/4)), protocol.OperationError},
	} {
		t.Run(what, func(t *testing.T) { p.refused(c.name, c.method, c.params) })
	}
}

func TestListsAreBounded(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	for i := range protocol.MaxTransceivers {
		p.addTransceiver(fmt.Sprintf("t%d", i), "sendrecv")
	}
	p.refused(protocol.OperationError, protocol.PCAddTransceiver,
		protocol.PCAddTransceiverParams{Transceiver: "more", Kind: "audio", Direction: "sendrecv"})
	for i := range protocol.MaxDataChannels {
		p.createChannel(fmt.Sprintf("d%d", i), protocol.DataChannelOptions{})
	}
	p.refused(protocol.OperationError, protocol.DataChannelCreate, protocol.DataChannelCreateParams{Channel: "more"})
}

func TestRequestsKeepTheirOrder(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	add := p.send(protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{PC: "p1", Transceiver: "t1", Kind: "audio", Direction: "sendrecv"})
	set := p.send(protocol.PCSetLocalDescription, protocol.PCSetDescriptionParams{PC: "p1"})
	back := p.send(protocol.PCSetLocalDescription, describe("rollback", ""))
	var seqs []uint64
	for _, ch := range []chan reply{add, set, back} {
		r := <-ch
		if r.err != nil {
			t.Fatal(r.err)
		}
		seqs = append(seqs, r.result.(protocol.PCReply).Snapshot.Seq)
	}
	if !(seqs[0] < seqs[1] && seqs[1] < seqs[2]) {
		t.Errorf("snapshots %v", seqs)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	p, f := call(t)
	f.talk()
	p.received("t1")
	p.createChannel("d1", protocol.DataChannelOptions{Label: "x", Ordered: true})
	p.negotiate(f)
	p.opened("d1")
	if r := <-p.send(protocol.PCClose, protocol.PCParams{PC: "p1"}); r.err != nil {
		t.Fatal(r.err)
	}
	p.pc.Close()
	p.mu.Lock()
	count := len(p.events)
	p.mu.Unlock()
	if open := p.media.open(); open != 0 {
		t.Errorf("%d streams are open", open)
	}
	late := p.send(protocol.PCCreateOffer, protocol.PCCreateOfferParams{PC: "p1"})
	_ = f.Close()
	deadline := time.After(patience)
	// The far end's own goroutines and those of this test's talkers remain.
	for runtime.NumGoroutine() > before+12 {
		select {
		case <-deadline:
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, before %d\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		case <-time.After(20 * time.Millisecond):
		}
	}
	// A goroutine that has said that it is done may not have returned yet.
	for left := leftOver(); left != ""; left = leftOver() {
		select {
		case <-deadline:
			t.Fatalf("left over: %s", left)
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) != count || len(late) != 0 {
		t.Error("something followed the end")
	}
}

func TestStatusIsReported(t *testing.T) {
	states := make(chan bool, 8)
	p, f := &page{t: t, media: newMediaDouble(), replies: map[uint64]chan reply{}, changed: make(chan struct{}, 1)}, newFarEnd(t, webrtc.MimeTypeOpus)
	pc, err := New(Config{
		Media: p.media, Out: p, Log: zerolog.Nop(), Status: func(connected bool) { states <- connected },
		API: NewAPI(WithSettings(transport.Settings{Loopback: true})),
	}, protocol.PCCreateParams{PC: "p1"})
	if err != nil {
		t.Fatal(err)
	}
	p.pc = pc
	p.addTransceiver("t1", "sendrecv")
	p.negotiate(f)
	if !<-states {
		t.Error("not connected")
	}
	pc.Close()
	if <-states {
		t.Error("still connected")
	}
}

// FuzzHandle sends any method with any params, then a valid request.
func FuzzHandle(f *testing.F) {
	for _, method := range Methods() {
		f.Add(string(method), []byte(`{"pc":"p1","transceiver":"t1","kind":"audio","direction":"sendrecv"}`))
		f.Add(string(method), []byte(`{"pc":"p1","candidate":{"candidate":"candidate:1 1 udp 1 1.2.3.4 5 typ host","sdpMid":"0"}}`))
	}
	f.Fuzz(func(t *testing.T, method string, params []byte) {
		p := newPage(t, protocol.Configuration{})
		p.addTransceiver("t1", "sendrecv")
		ch := make(chan reply, 1)
		p.mu.Lock()
		p.id++
		id := p.id
		p.replies[id] = ch
		p.mu.Unlock()
		p.pc.Handle(id, protocol.Method(method), json.RawMessage(params))
		select {
		case <-ch:
		case <-time.After(patience):
			t.Fatal("no reply")
		}
	})
}

// FuzzRemoteOffer answers any text.
func FuzzRemoteOffer(f *testing.F) {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), string(text))
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		p := newPage(t, protocol.Configuration{})
		p.addTrack("t1")
		p.createChannel("d1", protocol.DataChannelOptions{})
		for _, text := range []string{first, second} {
			if _, err := p.try(protocol.PCSetRemoteDescription, describe("offer", text)); err != nil {
				continue
			}
			_, _ = p.try(protocol.PCSetLocalDescription, protocol.PCSetDescriptionParams{PC: "p1"})
		}
		p.createOfferIfStable()
	})
}

func (p *page) createOfferIfStable() {
	if p.view().States.Signaling == "stable" {
		p.do(protocol.PCSetLocalDescription, protocol.PCSetDescriptionParams{PC: "p1"})
	}
}

// leftOver is the stack of a goroutine of this package that no test function
// is part of, or empty.
func leftOver() string {
	stacks := make([]byte, 1<<20)
	for _, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "nearend/internal/peer") && !strings.Contains(stack, "_test.go") {
			return stack
		}
	}
	return ""
}
