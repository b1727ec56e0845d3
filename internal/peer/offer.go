package peer

import (
	"crypto/rand"
	"encoding/binary"
	"slices"

	"nearend/internal/peer/sdp"
	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

const (
	protoRTP  = "UDP/TLS/RTP/SAVPF"
	protoSCTP = "UDP/DTLS/SCTP"
	// anyPort is the port of a section whose candidates trickle (RFC 8840).
	anyPort = 9
)

// newSessionID is a random number of 63 bits (RFC 8829, section 5.2.1).
func newSessionID() uint64 {
	var random [8]byte
	_, _ = rand.Read(random[:])
	return binary.BigEndian.Uint64(random[:]) >> 1
}

// createOffer implements RTCPeerConnection.createOffer.
func (p *PeerConnection) createOffer(params *protocol.PCCreateOfferParams) (any, *protocol.Error) {
	if s := p.signaling.state; s != "stable" && s != "have-local-offer" {
		return nil, fail(protocol.InvalidStateError, "cannot create an offer in state "+s)
	}
	text := p.makeOffer(params.IceRestart)
	return protocol.PCDescriptionReply{
		Snapshot:    p.snapshot(),
		Description: protocol.Description{Type: "offer", SDP: text},
	}, nil
}

// makeOffer writes an offer of what the peer connection wants now (RFC 8829,
// section 5.2).
func (p *PeerConnection) makeOffer(restart bool) string {
	s := &p.signaling
	credentials := p.offerCredentials(restart)
	session := &sdp.Session{
		ID: s.session, Version: s.nextVersion(), Bundled: true, Trickle: true, ExtmapAllowMixed: true,
	}
	fresh := p.unassociated()
	for _, l := range s.lines {
		section := p.offerLine(l, &fresh)
		session.Sections = append(session.Sections, section)
	}
	for _, t := range fresh {
		session.Sections = append(session.Sections, p.offerTransceiver(t, t.propose(p)))
	}
	if p.data.wanted() && s.applicationLine() < 0 {
		session.Sections = append(session.Sections, p.offerApplication(p.proposeDataMID()))
	}
	for _, section := range session.Sections {
		if section.Rejected() {
			continue
		}
		session.Bundle = append(session.Bundle, section.MID)
		p.secure(section, credentials, "actpass")
	}
	s.lastOffer = session.String()
	return s.lastOffer
}

func (s *signaling) nextVersion() uint64 {
	s.version++
	return s.version + 1
}

// unassociated lists the transceivers that need a section.
func (p *PeerConnection) unassociated() []*transceiver {
	var list []*transceiver
	for _, t := range p.transceivers {
		if t.line < 0 && !t.stopping && t.kind == "audio" {
			list = append(list, t)
		}
	}
	return list
}

// offerLine writes an existing section, or gives its place to a transceiver of
// fresh when nothing lives there any more (RFC 8829, section 5.2.2).
func (p *PeerConnection) offerLine(l line, fresh *[]*transceiver) *sdp.Section {
	switch t := l.transceiver; {
	case l.application && !l.rejected:
		return p.offerApplication(l.mid)
	case l.application && p.data.wanted():
		return p.offerApplication(p.proposeDataMID())
	case t != nil && !t.stopping && !l.rejected:
		if t.kind != "audio" {
			return p.offerInactive(t)
		}
		return p.offerTransceiver(t, l.mid)
	case l.rejected && len(*fresh) > 0:
		t := (*fresh)[0]
		*fresh = (*fresh)[1:]
		return p.offerTransceiver(t, t.propose(p))
	default:
		return offered(rejection(p.kindOf(l), l.mid))
	}
}

// kindOf is the media of a line in the latest description.
func (p *PeerConnection) kindOf(l line) *sdp.Section {
	for _, d := range []*description{p.signaling.remote(), p.signaling.local()} {
		if d == nil {
			continue
		}
		if section := d.session.ByMID(l.mid); section != nil {
			return section
		}
	}
	return &sdp.Section{Kind: "audio", Proto: protoRTP, Formats: []string{"0"}}
}

// rejection is the section that refuses or ends like.
func rejection(like *sdp.Section, mid string) *sdp.Section {
	return &sdp.Section{
		Kind: like.Kind, Proto: like.Proto, Formats: like.Formats, MID: mid, NoMID: like.NoMID,
		Direction: "inactive", Codecs: slices.Clone(like.Codecs), RTCPMux: like.RTP(),
	}
}

func (p *PeerConnection) offerTransceiver(t *transceiver, mid string) *sdp.Section {
	codecs := t.preferred
	if len(codecs) == 0 {
		codecs = supported
	}
	section := &sdp.Section{
		Kind: "audio", Port: anyPort, Proto: protoRTP, MID: mid,
		Direction: t.direction, RTCPMux: true, RTCPReducedSize: true,
		Codecs:     p.signaling.payloadTypes.number(codecs),
		Extensions: p.signaling.extensions.number(),
	}
	t.describeSender(section, p.cname)
	return section
}

// offerInactive repeats a section of a kind that is not taken.
func (p *PeerConnection) offerInactive(t *transceiver) *sdp.Section {
	like := p.kindOf(line{mid: t.mid})
	section := offered(rejection(like, t.mid))
	section.Port = anyPort
	return section
}

// offered names a section: our offers have names even where the far end's had
// none.
func offered(section *sdp.Section) *sdp.Section {
	section.NoMID = false
	return section
}

func (p *PeerConnection) offerApplication(mid string) *sdp.Section {
	return &sdp.Section{
		Kind: "application", Port: anyPort, Proto: protoSCTP, Formats: []string{"webrtc-datachannel"},
		MID: mid, SCTPPort: sctpPort, HasMaxMessageSize: true, MaxMessageSize: protocol.MaxDataChannelMessage,
	}
}

// secure writes ICE and DTLS attributes.
func (p *PeerConnection) secure(section *sdp.Section, credentials transport.Credentials, setup string) {
	section.Security = sdp.Security{
		Ufrag: credentials.Ufrag, Pwd: credentials.Pwd, Setup: setup,
		Fingerprints: []sdp.Fingerprint{{Algorithm: "sha-256", Value: p.transport.Certificate().Fingerprint()}},
	}
}

// describeSender writes msid and ssrc of a section that sends (RFC 8829,
// section 5.2.1).
func (t *transceiver) describeSender(section *sdp.Section, cname string) {
	if !section.Sends() {
		return
	}
	section.Streams = slices.Clone(t.sender.streams)
	section.Track = t.sender.signalledTrack()
	section.SSRCs = []uint32{t.sender.ssrc}
	section.CNAME = cname
}
