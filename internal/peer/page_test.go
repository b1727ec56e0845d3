package peer

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// patience bounds every wait for the network.
const patience = 20 * time.Second

// page plays the shim: it sends requests, applies snapshots in order and keeps
// notifications.
type page struct {
	t     *testing.T
	pc    *PeerConnection
	media *mediaDouble

	mu      sync.Mutex
	id      uint64
	seq     uint64
	now     protocol.Snapshot
	removed []string
	replies map[uint64]chan reply
	events  []event
	changed chan struct{}
}

type reply struct {
	result any
	err    *protocol.Error
}

type event struct {
	method protocol.Method
	params any
}

func newPage(t *testing.T, configuration protocol.Configuration, options ...Option) *page {
	t.Helper()
	return newPageWith(t, nil, configuration, options...)
}

func newPageWith(t *testing.T, certificate *Certificate, configuration protocol.Configuration, options ...Option) *page {
	t.Helper()
	p := &page{t: t, media: newMediaDouble(), replies: map[uint64]chan reply{}, changed: make(chan struct{}, 1)}
	options = append([]Option{WithSettings(transport.Settings{Loopback: true})}, options...)
	pc, err := New(Config{Media: p.media, Out: p, Log: zerolog.Nop(), Certificate: certificate, API: NewAPI(options...)},
		protocol.PCCreateParams{PC: "p1", Configuration: configuration})
	if err != nil {
		t.Fatal(err)
	}
	p.pc = pc
	t.Cleanup(pc.Close)
	p.mu.Lock()
	p.apply(pc.Snapshot())
	p.mu.Unlock()
	return p
}

// Reply implements Out.
func (p *page) Reply(id uint64, result any, err *protocol.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r := result.(type) {
	case protocol.PCReply:
		p.apply(r.Snapshot)
	case protocol.PCDescriptionReply:
		p.apply(r.Snapshot)
	case protocol.PCGetStatsResult:
		p.apply(r.Snapshot)
	}
	if ch := p.replies[id]; ch != nil {
		ch <- reply{result, err}
	}
}

// Notify implements Out.
func (p *page) Notify(method protocol.Method, params any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := params.(type) {
	case protocol.PCChangedEvent:
		p.apply(e.Snapshot)
	case protocol.PCIceCandidateEvent:
		p.apply(e.Snapshot)
	case protocol.PCDataChannelEvent:
		p.apply(e.Snapshot)
	}
	p.events = append(p.events, event{method, params})
	p.poke()
}

// apply checks the order of snapshots and merges one; mu is held.
func (p *page) apply(s protocol.Snapshot) {
	if s.Seq != p.seq+1 {
		p.t.Errorf("snapshot %d follows %d", s.Seq, p.seq)
	}
	p.seq = s.Seq
	if s.States != nil {
		p.now.States = s.States
	}
	if s.Descriptions != nil {
		p.now.Descriptions = s.Descriptions
	}
	if s.Transceivers != nil {
		p.now.Transceivers = s.Transceivers
		p.removed = append(p.removed, s.Transceivers.Removed...)
	}
	if s.Transport != nil {
		p.now.Transport = s.Transport
	}
	if s.SCTP != nil {
		p.now.SCTP = s.SCTP
	}
	p.poke()
}

func (p *page) poke() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// send starts a request.
func (p *page) send(method protocol.Method, params any) chan reply {
	raw, err := json.Marshal(params)
	if err != nil {
		p.t.Fatal(err)
	}
	ch := make(chan reply, 1)
	p.mu.Lock()
	p.id++
	id := p.id
	p.replies[id] = ch
	p.mu.Unlock()
	p.pc.Handle(id, method, raw)
	return ch
}

// try makes a request and waits for its reply.
func (p *page) try(method protocol.Method, params any) (any, *protocol.Error) {
	p.t.Helper()
	select {
	case r := <-p.send(method, params):
		return r.result, r.err
	case <-time.After(patience):
		p.t.Fatalf("%s: no reply", method)
		return nil, nil
	}
}

// do makes a request that must succeed.
func (p *page) do(method protocol.Method, params any) any {
	p.t.Helper()
	result, err := p.try(method, params)
	if err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	return result
}

// refused makes a request that must fail with the given name.
func (p *page) refused(name protocol.ErrorName, method protocol.Method, params any) *protocol.Error {
	p.t.Helper()
	_, err := p.try(method, params)
	if err == nil || err.Name != name {
		p.t.Fatalf("%s: got %v, want %s", method, err, name)
	}
	return err
}

// view returns what the page knows now.
func (p *page) view() protocol.Snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// seen returns the notifications of one method.
func (p *page) seen(method protocol.Method) []any {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []any
	for _, e := range p.events {
		if e.method == method {
			list = append(list, e.params)
		}
	}
	return list
}

// until waits for a condition on what the page knows.
func (p *page) until(what string, holds func() bool) {
	p.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-p.changed:
		case <-tick.C:
		case <-deadline:
			view := p.view()
			p.t.Fatalf("waited in vain for: %s (states %+v)", what, view.States)
		}
	}
}

func (p *page) connected() {
	p.t.Helper()
	p.until("connected", func() bool { return p.view().States.Connection == "connected" })
}

func (p *page) transceiver(id string) protocol.Transceiver {
	p.t.Helper()
	for _, t := range p.view().Transceivers.List {
		if t.ID == id {
			return t
		}
	}
	p.t.Fatalf("no transceiver %s", id)
	return protocol.Transceiver{}
}

// Requests.

func (p *page) addTransceiver(id, direction string) {
	p.t.Helper()
	p.do(protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{
		PC: "p1", Transceiver: id, Kind: "audio", Direction: direction, Track: "mic", Streams: []string{"s1"},
	})
}

func (p *page) addTrack(id string) {
	p.t.Helper()
	p.do(protocol.PCAddTransceiver, protocol.PCAddTransceiverParams{
		PC: "p1", Transceiver: id, Kind: "audio", Direction: "sendrecv", Track: "mic", Streams: []string{"s1"}, FromAddTrack: true,
	})
}

func (p *page) createOffer() string {
	p.t.Helper()
	return p.do(protocol.PCCreateOffer, protocol.PCCreateOfferParams{PC: "p1"}).(protocol.PCDescriptionReply).Description.SDP
}

func (p *page) createAnswer() string {
	p.t.Helper()
	return p.do(protocol.PCCreateAnswer, protocol.PCParams{PC: "p1"}).(protocol.PCDescriptionReply).Description.SDP
}

func describe(kind, sdp string) protocol.PCSetDescriptionParams {
	return protocol.PCSetDescriptionParams{PC: "p1", Description: &protocol.Description{Type: kind, SDP: sdp}}
}

func (p *page) setLocal(kind, sdp string) {
	p.t.Helper()
	p.do(protocol.PCSetLocalDescription, describe(kind, sdp))
}

func (p *page) setRemote(kind, sdp string) {
	p.t.Helper()
	p.do(protocol.PCSetRemoteDescription, describe(kind, sdp))
}

// localSDP waits for all candidates and returns the local description.
func (p *page) localSDP() string {
	p.t.Helper()
	p.until("gathering", func() bool { return p.view().States.IceGathering == "complete" })
	d := p.view().Descriptions
	if d.PendingLocal != nil {
		return d.PendingLocal.SDP
	}
	return d.CurrentLocal.SDP
}
