package peer

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

// call connects a page that offers one sendrecv transceiver to a far end.
func call(t *testing.T) (*page, *farEnd) {
	t.Helper()
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", f.answer(p.localSDP()))
	p.connected()
	return p, f
}

// received waits for a packet at a receiver of ours and returns its payload.
func (p *page) received(transceiver string) []byte {
	p.t.Helper()
	return p.packet(transceiver).Payload
}

func (p *page) packet(transceiver string) *rtp.Packet {
	p.t.Helper()
	r := p.media.receiver(protocol.ReceiverTrackID("p1", transceiver))
	select {
	case packet := <-r.packets:
		return packet
	case <-time.After(patience):
		p.t.Fatal("no packet arrives")
		return nil
	}
}

func TestOfferedCallCarriesSoundBothWays(t *testing.T) {
	p, f := call(t)
	f.talk()
	if got := p.received("t1"); string(got) != "\x01\x02\x03" {
		t.Errorf("received %v", got)
	}
	talk(t, p.media.sender(0))
	track, payload := f.hear()
	if string(payload) != "\x07\x08\x09" {
		t.Errorf("the far end heard %v", payload)
	}
	if track.Codec().MimeType != webrtc.MimeTypeOpus || track.ID() != "mic" || track.StreamID() != "s1" {
		t.Errorf("the far end sees %s %s %s", track.Codec().MimeType, track.ID(), track.StreamID())
	}
	p.until("unmuted", func() bool { return !p.transceiver("t1").Receiver.Muted })
	view := p.transceiver("t1")
	if view.CurrentDirection == nil || *view.CurrentDirection != "sendrecv" || len(view.Receiver.Streams) != 1 || view.Receiver.Streams[0] != "farStream" {
		t.Errorf("transceiver %+v", view)
	}
	if pair := p.view().Transport.SelectedPair; pair == nil {
		t.Error("no selected pair")
	}
}

func TestAnsweredCallCarriesSoundBothWays(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypePCMU)
	p.addTrack("t1")
	p.setRemote("offer", f.offer(nil))
	if id := p.view().Transceivers.List[0].ID; id != "t1" {
		t.Fatalf("the offer took %s", id)
	}
	p.setLocal("answer", p.createAnswer())
	f.accept(p.localSDP())
	p.connected()
	f.talk()
	p.received("t1")
	talk(t, p.media.sender(0))
	f.hear()
}
