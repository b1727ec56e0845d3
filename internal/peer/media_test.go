package peer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

func TestTonesAreReported(t *testing.T) {
	p, _ := call(t)
	if !p.transceiver("t1").Sender.CanInsertDTMF {
		t.Fatal("cannot insert DTMF")
	}
	p.do(protocol.SenderInsertDTMF, protocol.SenderInsertDTMFParams{PC: "p1", Transceiver: "t1", Tones: "1a#", Duration: 100, Gap: 70})
	p.until("tones", func() bool { return len(p.seen(protocol.DTMFToneChange)) == 4 })
	var tones []string
	for _, e := range p.seen(protocol.DTMFToneChange) {
		e := e.(protocol.DTMFToneChangeEvent)
		tones = append(tones, e.Tone+"|"+e.Remaining)
	}
	if !slices.Equal(tones, []string{"1|A#", "A|#", "#|", "|"}) {
		t.Errorf("tones %v", tones)
	}
	if got := p.media.sender(0).view().events; got == nil || got.ClockRate != 48000 {
		t.Errorf("events %+v", got)
	}
	p.refused(protocol.SyntaxError, protocol.SenderInsertDTMF, protocol.SenderInsertDTMFParams{PC: "p1", Transceiver: "t1", Tones: "x"})
}

func TestTracksAndParametersChangeWithoutNegotiation(t *testing.T) {
	p, _ := call(t)
	s := p.media.sender(0)
	p.do(protocol.SenderReplaceTrack, protocol.SenderReplaceTrackParams{PC: "p1", Transceiver: "t1", Track: "other"})
	if got := s.view().track; got != "other" {
		t.Errorf("track %q", got)
	}
	most := 24000
	p.do(protocol.SenderSetParameters, protocol.SenderSetParametersParams{
		PC: "p1", Transceiver: "t1", Encodings: []protocol.Encoding{{Active: false, MaxBitrate: &most}},
	})
	if got := s.view(); got.active || got.maxBitrate != 24000 {
		t.Errorf("sender %+v", got)
	}
	if e := p.transceiver("t1").Sender.Parameters.Encodings; len(e) != 1 || e[0].Active || *e[0].MaxBitrate != 24000 {
		t.Errorf("encodings %+v", e)
	}
	p.refused(protocol.InvalidModificationError, protocol.SenderSetParameters,
		protocol.SenderSetParametersParams{PC: "p1", Transceiver: "t1"})
	if p.view().States.NegotiationNeeded {
		t.Error("negotiation is needed")
	}
	p.do(protocol.PCRemoveTrack, protocol.TransceiverParams{PC: "p1", Transceiver: "t1"})
	if got := s.view().track; got != "" {
		t.Errorf("track %q", got)
	}
	if got := p.transceiver("t1").Direction; got != "recvonly" {
		t.Errorf("direction %s", got)
	}
	if !p.view().States.NegotiationNeeded {
		t.Error("negotiation is not needed")
	}
	target := 200.0
	p.do(protocol.ReceiverSetJitterBufferTarget, protocol.ReceiverSetJitterBufferTargetParams{PC: "p1", Transceiver: "t1", Target: &target})
	if got := p.media.receiver("rx:p1:t1").target; got == nil || *got != 200*time.Millisecond {
		t.Errorf("target %v", got)
	}
}

func TestSourceMayChangeDuringTheCall(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", plain(f.answer(p.localSDP())))
	p.connected()
	f.talk()
	r := p.media.receiver("rx:p1:t1")
	first := (<-r.packets).SSRC
	// A gateway that transfers the call goes on with another source.
	p.pc.router.packet(&rtp.Packet{Header: rtp.Header{Version: 2, SSRC: first + 1, PayloadType: 111}, Payload: []byte{1}}, time.Now())
	p.until("the new source", func() bool {
		select {
		case packet := <-r.packets:
			return packet.SSRC == first+1
		default:
			return false
		}
	})
	p.until("sources", func() bool { return len(p.seen(protocol.ReceiverSources)) > 0 })
}

func TestStatistics(t *testing.T) {
	p, f := call(t)
	f.talk()
	talk(t, p.media.sender(0))
	p.received("t1")
	f.hear()
	var stats protocol.PCGetStatsResult
	p.until("a round trip", func() bool {
		stats = p.do(protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1"}).(protocol.PCGetStatsResult)
		return len(stats.RemoteInboundRTP) == 1 && stats.RemoteInboundRTP[0].RoundTripTime != nil && len(stats.RemoteOutboundRTP) == 1
	})
	if rtt := *stats.RemoteInboundRTP[0].RoundTripTime; rtt < 0 || rtt > 0.5 {
		t.Errorf("round trip %f", rtt)
	}
	out, in := stats.OutboundRTP[0], stats.InboundRTP[0]
	if out.PacketsSent == 0 || !out.Active || out.Mid != "0" || out.RemoteID != stats.RemoteInboundRTP[0].ID || stats.RemoteInboundRTP[0].LocalID != out.ID {
		t.Errorf("outbound %+v", out)
	}
	if in.PacketsReceived == 0 || in.SSRC == 0 || in.RemoteID != stats.RemoteOutboundRTP[0].ID {
		t.Errorf("inbound %+v", in)
	}
	if len(stats.Transports) != 1 || stats.Transports[0].DTLSState != "connected" || stats.Transports[0].SRTPCipher == "" || stats.Transports[0].BytesSent == 0 {
		t.Errorf("transports %+v", stats.Transports)
	}
	selected := 0
	for _, pair := range stats.CandidatePairs {
		if pair.ID == stats.Transports[0].SelectedCandidatePairID {
			selected++
			if !pair.Nominated || pair.State != "succeeded" || pair.CurrentRoundTripTime == nil || pair.BytesSent == 0 {
				t.Errorf("pair %+v", pair)
			}
		}
	}
	if selected != 1 || len(stats.LocalCandidates) == 0 || len(stats.RemoteCandidates) == 0 || len(stats.Certificates) != 2 {
		t.Errorf("%d selected of %+v", selected, stats.CandidatePairs)
	}
	if len(stats.MediaSources) != 1 || stats.MediaSources[0].TrackIdentifier != "mic" || out.MediaSourceID != stats.MediaSources[0].ID {
		t.Errorf("sources %+v", stats.MediaSources)
	}
	found := slices.ContainsFunc(stats.Codecs, func(c protocol.CodecStats) bool {
		return c.ID == out.CodecID && c.MimeType == "audio/opus" && strings.Contains(c.SDPFmtpLine, "useinbandfec")
	})
	if !found {
		t.Errorf("codecs %+v", stats.Codecs)
	}
	again := p.do(protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1", SenderOf: "t1"}).(protocol.PCGetStatsResult)
	if len(again.InboundRTP) != 0 || len(again.OutboundRTP) != 1 || again.OutboundRTP[0].ID != out.ID || len(again.CandidatePairs) != 1 || len(again.PeerConnections) != 0 {
		t.Errorf("of the sender %+v", again)
	}
	byTrack := p.do(protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1", Track: "rx:p1:t1"}).(protocol.PCGetStatsResult)
	if len(byTrack.InboundRTP) != 1 || len(byTrack.OutboundRTP) != 0 {
		t.Errorf("of the track %+v", byTrack)
	}
	p.refused(protocol.InvalidAccessError, protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1", Track: "nothing"})
	p.until("feedback", func() bool { return p.media.sender(0).view().feedback > 0 })
}
