package peer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

func (p *page) createChannel(id string, options protocol.DataChannelOptions) {
	p.t.Helper()
	p.do(protocol.DataChannelCreate, protocol.DataChannelCreateParams{PC: "p1", Channel: id, Options: options})
}

// channelState is the last state reported of a channel.
func (p *page) channelState(id string) string {
	state := ""
	for _, e := range p.seen(protocol.DataChannelChanged) {
		if e := e.(protocol.DataChannelChangedEvent); e.Channel == id {
			state = e.State
		}
	}
	return state
}

func (p *page) opened(id string) {
	p.t.Helper()
	p.until("channel "+id+" open", func() bool { return p.channelState(id) == "open" })
}

func TestDataChannelOfThePage(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, "")
	channels := make(chan *webrtc.DataChannel, 1)
	f.OnDataChannel(func(d *webrtc.DataChannel) { channels <- d })
	retransmits := 3
	p.createChannel("d1", protocol.DataChannelOptions{Label: "chat", Protocol: "x", Ordered: false, MaxRetransmits: &retransmits})
	if !p.view().States.NegotiationNeeded {
		t.Error("a first channel needs no negotiation")
	}
	p.negotiate(f)
	p.opened("d1")
	far := <-channels
	if far.Label() != "chat" || far.Protocol() != "x" || far.Ordered() || *far.MaxRetransmits() != 3 {
		t.Errorf("the far end sees %s %s %t", far.Label(), far.Protocol(), far.Ordered())
	}
	heard := make(chan webrtc.DataChannelMessage, 16)
	far.OnMessage(func(m webrtc.DataChannelMessage) { heard <- m })
	p.do(protocol.DataChannelSend, protocol.DataChannelSendParams{PC: "p1", Channel: "d1", Text: "hello"})
	p.do(protocol.DataChannelSend, protocol.DataChannelSendParams{PC: "p1", Channel: "d1", IsBinary: true, Binary: []byte{1, 2}})
	for range 2 {
		select {
		case m := <-heard:
			if m.IsString && string(m.Data) != "hello" || !m.IsString && !bytes.Equal(m.Data, []byte{1, 2}) {
				t.Errorf("heard %+v", m)
			}
		case <-time.After(patience):
			t.Fatal("the far end hears nothing")
		}
	}
	p.until("all sent", func() bool {
		events := p.seen(protocol.DataChannelBufferedAmount)
		return len(events) > 0 && events[len(events)-1].(protocol.DataChannelBufferedAmountEvent).Sent == 7
	})
	f.must(far.SendText("wörld"))
	f.must(far.Send(nil))
	p.until("messages", func() bool { return len(p.seen(protocol.DataChannelMessage)) == 2 })
	if m := p.seen(protocol.DataChannelMessage)[0].(protocol.DataChannelMessageEvent); m.IsBinary || m.Text != "wörld" || m.Channel != "d1" {
		t.Errorf("message %+v", m)
	}
	if s := p.view().SCTP; s == nil || s.State != "connected" || s.MaxMessageSize == 0 {
		t.Errorf("SCTP %+v", s)
	}
	p.refused(protocol.TypeError, protocol.DataChannelSend,
		protocol.DataChannelSendParams{PC: "p1", Channel: "d1", Text: strings.Repeat("x", p.view().SCTP.MaxMessageSize+1)})
	p.do(protocol.DataChannelClose, protocol.DataChannelParams{PC: "p1", Channel: "d1"})
	p.until("closed", func() bool { return p.channelState("d1") == "closed" })
	p.refused(protocol.InvalidStateError, protocol.DataChannelSend, protocol.DataChannelSendParams{PC: "p1", Channel: "d1", Text: "late"})
	stats := p.do(protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1"}).(protocol.PCGetStatsResult)
	if s := stats.PeerConnections[0]; s.DataChannelsOpened != 1 || s.DataChannelsClosed != 1 {
		t.Errorf("statistics %+v", s)
	}
}

func TestDataChannelOfTheFarEnd(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, "")
	lifetime := uint16(500)
	far, err := f.CreateDataChannel("theirs", &webrtc.DataChannelInit{MaxPacketLifeTime: &lifetime})
	f.must(err)
	p.setRemote("offer", f.offer(nil))
	p.setLocal("answer", p.createAnswer())
	f.accept(p.localSDP())
	p.until("the channel", func() bool { return len(p.seen(protocol.PCDataChannel)) == 1 })
	e := p.seen(protocol.PCDataChannel)[0].(protocol.PCDataChannelEvent)
	if !strings.HasPrefix(e.Channel, "e:") || e.Options.Label != "theirs" || *e.Options.MaxPacketLifeTime != 500 || !e.Options.Ordered || e.State != "open" {
		t.Errorf("event %+v", e)
	}
	big := bytes.Repeat([]byte{5}, 60000)
	got := make(chan int, 1)
	far.OnMessage(func(m webrtc.DataChannelMessage) { got <- len(m.Data) })
	p.do(protocol.DataChannelSend, protocol.DataChannelSendParams{PC: "p1", Channel: e.Channel, IsBinary: true, Binary: big})
	select {
	case n := <-got:
		if n != len(big) {
			t.Errorf("the far end got %d bytes", n)
		}
	case <-time.After(patience):
		t.Fatal("the far end gets nothing")
	}
	f.must(far.Close())
	p.until("closed", func() bool { return p.channelState(e.Channel) == "closed" })
}

func TestNegotiatedDataChannel(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, "")
	id, number := 7, uint16(7)
	yes := true
	far, err := f.CreateDataChannel("n", &webrtc.DataChannelInit{Negotiated: &yes, ID: &number})
	f.must(err)
	p.createChannel("d1", protocol.DataChannelOptions{Label: "n", Ordered: true, Negotiated: true, ID: &id})
	p.negotiate(f)
	p.opened("d1")
	open := make(chan struct{})
	far.OnOpen(func() { close(open) })
	<-open
	f.must(far.SendText("hi"))
	p.until("message", func() bool { return len(p.seen(protocol.DataChannelMessage)) == 1 })
	p.refused(protocol.OperationError, protocol.DataChannelCreate, protocol.DataChannelCreateParams{
		PC: "p1", Channel: "d2", Options: protocol.DataChannelOptions{Negotiated: true, ID: &id},
	})
	f.must(f.Close())
	p.until("closed with the association", func() bool { return p.channelState("d1") == "closed" })
}
