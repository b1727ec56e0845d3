package peer

import (
	"os"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

// negotiate lets the page offer and the far end answer.
func (p *page) negotiate(f *farEnd) {
	p.t.Helper()
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", f.answer(p.localSDP()))
}

func (p *page) direct(id, direction string) {
	p.t.Helper()
	p.do(protocol.TransceiverSetDirection, protocol.TransceiverSetDirectionParams{PC: "p1", Transceiver: id, Direction: direction})
}

func TestNegotiationNeededFallsAndRises(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	if p.view().States.NegotiationNeeded {
		t.Fatal("needed with nothing")
	}
	p.addTransceiver("t1", "sendrecv")
	if !p.view().States.NegotiationNeeded {
		t.Fatal("not needed with a transceiver")
	}
	p.setLocal("offer", p.createOffer())
	// Added while the offer is pending: looked at again once stable.
	p.addTransceiver("t2", "sendrecv")
	answer := p.send(protocol.PCSetRemoteDescription, describe("answer", f.answer(p.localSDP())))
	reply := (<-answer).result.(protocol.PCReply)
	if s := reply.Snapshot.States; s == nil || s.NegotiationNeeded {
		t.Errorf("the answer's reply says needed: %+v", s)
	}
	p.until("needed again", func() bool { return p.view().States.NegotiationNeeded })
	p.negotiate(f)
	if p.view().States.NegotiationNeeded {
		t.Error("still needed")
	}
	p.direct("t1", "recvonly")
	if !p.view().States.NegotiationNeeded {
		t.Error("a changed direction needs no negotiation")
	}
	p.direct("t1", "sendrecv")
	if p.view().States.NegotiationNeeded {
		t.Error("a restored direction needs negotiation")
	}
	p.do(protocol.SenderSetStreams, protocol.SenderSetStreamsParams{PC: "p1", Transceiver: "t1", Streams: []string{"other"}})
	if !p.view().States.NegotiationNeeded {
		t.Error("changed streams need no negotiation")
	}
}

func TestHoldAndResume(t *testing.T) {
	p, f := call(t)
	f.talk()
	p.received("t1")
	p.until("unmuted", func() bool { return !p.transceiver("t1").Receiver.Muted })
	p.direct("t1", "inactive")
	p.negotiate(f)
	view := p.transceiver("t1")
	if *view.CurrentDirection != "inactive" || !view.Receiver.Muted || view.Sender.CanInsertDTMF {
		t.Errorf("held %+v", view)
	}
	if p.media.sender(0).view().active {
		t.Error("the sender is active on hold")
	}
	if err := p.media.sender(0).write([]byte{1}); err == nil {
		t.Error("a packet was sent on hold")
	}
	p.direct("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	// The far end's library never sends again after inactive; a phone does.
	p.setRemote("answer", strings.Replace(f.answer(p.localSDP()), "a=recvonly", "a=sendrecv", 1))
	if got := *p.transceiver("t1").CurrentDirection; got != "sendrecv" {
		t.Errorf("resumed %s", got)
	}
	if !p.media.sender(0).view().active {
		t.Error("the sender is not active again")
	}
	if err := p.media.sender(0).write([]byte{1}); err != nil {
		t.Error(err)
	}
}

func TestRemoteHold(t *testing.T) {
	p, f := call(t)
	offer := strings.Replace(f.offer(nil), "a=sendrecv", "a=sendonly", 1)
	p.setRemote("offer", offer)
	if fired := *p.transceiver("t1").FiredDirection; fired != "recvonly" {
		t.Errorf("fired %s", fired)
	}
	p.setLocal("answer", p.createAnswer())
	if got := *p.transceiver("t1").CurrentDirection; got != "recvonly" {
		t.Errorf("direction %s", got)
	}
	f.accept(p.localSDP())
}

func TestStoppedTransceiverLeavesAndItsSectionIsReused(t *testing.T) {
	p, f := call(t)
	p.addTransceiver("t2", "sendrecv")
	p.negotiate(f)
	p.do(protocol.TransceiverStop, protocol.TransceiverParams{PC: "p1", Transceiver: "t2"})
	if view := p.transceiver("t2"); !view.Stopping || view.Stopped || view.Direction != "stopped" {
		t.Fatalf("stopping %+v", view)
	}
	offer := p.createOffer()
	if strings.Count(offer, "m=audio 0 ") != 1 {
		t.Fatalf("no rejected section in\n%s", offer)
	}
	p.setLocal("offer", offer)
	// The far end's library keeps the section; answer by hand.
	answer := f.answer(p.localSDP())
	p.setRemote("answer", answer)
	if len(p.view().Transceivers.List) != 1 || len(p.removed) != 1 || p.removed[0] != "t2" {
		t.Fatalf("list %+v, removed %v", p.view().Transceivers.List, p.removed)
	}
	p.until("the stopped sender's end", p.media.sender(1).isClosed)
	p.addTransceiver("t3", "sendrecv")
	offer = p.createOffer()
	if strings.Count(offer, "m=audio") != 2 || !strings.Contains(offer, "a=mid:2") {
		t.Errorf("the section was not reused:\n%s", offer)
	}
}

func TestRestartOfICE(t *testing.T) {
	p, f := call(t)
	f.talk()
	p.received("t1")
	old := p.view().Transport.LocalParameters.UsernameFragment
	p.do(protocol.PCRestartIce, protocol.PCParams{PC: "p1"})
	if !p.view().States.NegotiationNeeded {
		t.Error("a restart needs no negotiation")
	}
	p.setLocal("offer", p.createOffer())
	p.until("gathering again", func() bool { return p.view().States.IceGathering == "complete" })
	p.setRemote("answer", f.answer(p.localSDP()))
	if p.view().States.NegotiationNeeded {
		t.Error("still needed")
	}
	p.until("the new pair", func() bool {
		now := p.view()
		return now.Transport.LocalParameters.UsernameFragment != old && now.States.Connection == "connected"
	})
	p.pc.lock()
	current := p.pc.ice.current.Generation
	p.pc.unlock()
	p.until("media on the new path", func() bool { return p.pc.transport.Active() == current })
	drain(p.media.receiver(protocol.ReceiverTrackID("p1", "t1")))
	p.received("t1")
}

func drain(r *receiverDouble) {
	for {
		select {
		case <-r.packets:
		default:
			return
		}
	}
}

func TestRollbackOfARestartKeepsThePath(t *testing.T) {
	p, f := call(t)
	f.talk()
	offer := p.do(protocol.PCCreateOffer, protocol.PCCreateOfferParams{PC: "p1", IceRestart: true}).(protocol.PCDescriptionReply)
	p.setLocal("offer", offer.Description.SDP)
	p.setLocal("rollback", "")
	if got := p.view().States; got.Connection != "connected" || got.IceGathering != "complete" {
		t.Errorf("states %+v", got)
	}
	p.received("t1")
}

func TestRestartByTheFarEnd(t *testing.T) {
	p, f := call(t)
	f.talk()
	old := p.view().Transport.LocalParameters.UsernameFragment
	p.setRemote("offer", f.offer(&webrtc.OfferOptions{ICERestart: true}))
	p.setLocal("answer", p.createAnswer())
	f.accept(p.localSDP())
	p.until("new credentials", func() bool {
		now := p.view()
		return now.Transport.LocalParameters.UsernameFragment != old && now.States.Connection == "connected"
	})
	drain(p.media.receiver(protocol.ReceiverTrackID("p1", "t1")))
	p.received("t1")
}

func TestCodecFollowsTheAnswer(t *testing.T) {
	p, f := call(t)
	if got := p.media.sender(0).view().codec.MimeType; got != "audio/opus" {
		t.Fatalf("codec %s", got)
	}
	p.do(protocol.TransceiverSetCodecPreferences, protocol.TransceiverSetCodecPreferencesParams{
		PC: "p1", Transceiver: "t1",
		Codecs: []protocol.Codec{{MimeType: "audio/PCMU", ClockRate: 8000, Channels: 1}, {MimeType: "audio/telephone-event", ClockRate: 8000}},
	})
	p.negotiate(f)
	if got := p.media.sender(0).view().codec; got.MimeType != "audio/PCMU" || got.PayloadType != 0 {
		t.Errorf("codec %+v", got)
	}
	p.refused(protocol.InvalidModificationError, protocol.TransceiverSetCodecPreferences, protocol.TransceiverSetCodecPreferencesParams{
		PC: "p1", Transceiver: "t1", Codecs: []protocol.Codec{{MimeType: "audio/speex", ClockRate: 8000}},
	})
	if len(p.media.senders) != 1 {
		t.Errorf("%d senders were made", len(p.media.senders))
	}
}

// A session that an offer without names began goes on with named sections.
func TestOfferAfterAnUnnamedOne(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	p.addTrack("t1")
	text, err := os.ReadFile("testdata/asterisk.sdp")
	if err != nil {
		t.Fatal(err)
	}
	video := "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
	p.setRemote("offer", string(text)+video)
	p.do(protocol.PCSetLocalDescription, protocol.PCSetDescriptionParams{PC: "p1"})
	offer := p.createOffer()
	p.setLocal("offer", offer)
	if strings.Count(offer, "a=mid:") != 2 || !strings.Contains(offer, "m=video 0 ") {
		t.Errorf("offer\n%s", offer)
	}
}
