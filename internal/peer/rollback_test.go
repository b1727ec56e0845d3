package peer

import (
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

func TestGlareRollsTheLocalOfferBack(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTrack("t1")
	p.setLocal("offer", p.createOffer())
	if got := p.view().States.Signaling; got != "have-local-offer" {
		t.Fatalf("signaling %s", got)
	}
	p.setRemote("offer", f.offer(nil))
	if got := p.view().States; got.Signaling != "have-remote-offer" || p.view().Descriptions.PendingLocal != nil {
		t.Fatalf("after glare %+v", got)
	}
	p.do(protocol.PCSetLocalDescription, protocol.PCSetDescriptionParams{PC: "p1"})
	f.accept(p.localSDP())
	p.connected()
	f.talk()
	p.received("t1")
}

func TestRollbackOfLocalOffer(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	first := p.createOffer()
	p.setLocal("offer", first)
	if p.transceiver("t1").Mid == nil {
		t.Fatal("no mid")
	}
	p.setLocal("rollback", "")
	view := p.view()
	if view.States.Signaling != "stable" || view.States.IceGathering != "new" || view.Descriptions.PendingLocal != nil {
		t.Fatalf("after rollback %+v", view.States)
	}
	if p.transceiver("t1").Mid != nil {
		t.Error("the mid survived")
	}
	p.until("negotiation needed", func() bool { return p.view().States.NegotiationNeeded })
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", f.answer(p.localSDP()))
	p.connected()
	p.refused(protocol.InvalidStateError, protocol.PCSetLocalDescription, describe("rollback", ""))
}

func TestRollbackOfRemoteOfferRemovesItsTransceiver(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.setRemote("offer", f.offer(nil))
	list := p.view().Transceivers.List
	if len(list) != 1 || !strings.HasPrefix(list[0].ID, "e:") || list[0].Direction != "recvonly" {
		t.Fatalf("transceivers %+v", list)
	}
	if fired := list[0].FiredDirection; fired == nil || *fired != "recvonly" {
		if fired == nil || *fired != "sendrecv" {
			t.Errorf("fired %v", fired)
		}
	}
	p.setRemote("rollback", "")
	if got := p.view().Transceivers.List; len(got) != 0 {
		t.Fatalf("left over %+v", got)
	}
	if len(p.removed) != 1 || p.removed[0] != list[0].ID {
		t.Errorf("removed %v", p.removed)
	}
	p.until("the stream's end", func() bool { return p.media.open() == 0 })
}

func TestRollbackKeepsATransceiverThatAddTrackTook(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.setRemote("offer", f.offer(nil))
	id := p.view().Transceivers.List[0].ID
	p.do(protocol.PCAddTrack, protocol.PCAddTrackParams{PC: "p1", Transceiver: id, Track: "mic"})
	p.setRemote("rollback", "")
	kept := p.transceiver(id)
	if kept.Mid != nil || kept.Direction != "sendrecv" {
		t.Errorf("kept %+v", kept)
	}
	p.until("negotiation needed", func() bool { return p.view().States.NegotiationNeeded })
}

func TestProvisionalAnswerStartsMedia(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	answer := f.answer(p.localSDP())
	p.setRemote("pranswer", answer)
	if got := p.view().States.Signaling; got != "have-remote-pranswer" {
		t.Fatalf("signaling %s", got)
	}
	p.connected()
	f.talk()
	p.received("t1")
	p.setRemote("answer", answer)
	if got := p.view().States.Signaling; got != "stable" {
		t.Fatalf("signaling %s", got)
	}
}

func TestSignalingErrors(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	p.addTransceiver("t1", "sendrecv")
	p.refused(protocol.InvalidStateError, protocol.PCCreateAnswer, protocol.PCParams{PC: "p1"})
	p.refused(protocol.InvalidStateError, protocol.PCSetRemoteDescription, describe("answer", "v=0\r\n"))
	p.refused(protocol.InvalidStateError, protocol.PCSetLocalDescription, describe("pranswer", ""))
	p.refused(protocol.InvalidStateError, protocol.PCSetRemoteDescription, describe("rollback", ""))
	p.refused(protocol.TypeError, protocol.PCSetRemoteDescription, describe("banana", ""))
	p.refused(protocol.InvalidStateError, protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{PC: "p1"})
	err := p.refused(protocol.RTCError, protocol.PCSetRemoteDescription, describe("offer", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio x\r\n"))
	if err.Detail != "sdp-syntax-error" || err.SDPLine != 5 {
		t.Errorf("error %+v", err)
	}
	offer := p.createOffer()
	p.refused(protocol.InvalidModificationError, protocol.PCSetLocalDescription,
		describe("offer", strings.Replace(offer, "a=mid:0", "a=mid:zero", 1)))
	p.refused(protocol.InvalidModificationError, protocol.PCSetLocalDescription,
		describe("offer", strings.Replace(offer, "a=fingerprint:sha-256 ", "a=fingerprint:sha-256 00:", 1)))
	if got := p.view().States.Signaling; got != "stable" {
		t.Errorf("signaling %s", got)
	}
}
