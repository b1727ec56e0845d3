package peer

import (
	"slices"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// createAnswer implements RTCPeerConnection.createAnswer.
func (p *PeerConnection) createAnswer(*protocol.PCParams) (any, *protocol.Error) {
	if s := p.signaling.state; s != "have-remote-offer" && s != "have-local-pranswer" {
		return nil, fail(protocol.InvalidStateError, "cannot create an answer in state "+s)
	}
	text := p.makeAnswer()
	return protocol.PCDescriptionReply{
		Snapshot:    p.snapshot(),
		Description: protocol.Description{Type: "answer", SDP: text},
	}, nil
}

// makeAnswer writes an answer to the pending remote offer (RFC 8829, section
// 5.3).
func (p *PeerConnection) makeAnswer() string {
	s := &p.signaling
	offer := s.pendingRemote.session
	session := &sdp.Session{
		ID: s.session, Version: s.nextVersion(), Bundled: offer.Bundled, Trickle: true,
		ExtmapAllowMixed: offer.ExtmapAllowMixed,
	}
	credentials := p.answerCredentials()
	for i, offered := range offer.Sections {
		section := p.answerSection(i, offered)
		if !section.Rejected() {
			p.secure(section, credentials, p.answerSetup(offered))
			if offer.Bundled {
				session.Bundle = append(session.Bundle, section.MID)
			}
		}
		session.Sections = append(session.Sections, section)
	}
	s.lastAnswer = session.String()
	return s.lastAnswer
}

func (p *PeerConnection) answerSection(index int, offered *sdp.Section) *sdp.Section {
	l := p.signaling.lines[index]
	if !p.usable(index) {
		return rejection(offered, l.mid)
	}
	switch t := l.transceiver; {
	case l.application:
		section := p.offerApplication(l.mid)
		section.NoMID = offered.NoMID
		// Those that write the protocol before RFC 8841 want it back.
		section.Proto = offered.Proto
		return section
	case t == nil || t.stopping:
		return rejection(offered, l.mid)
	case t.kind != "audio":
		section := rejection(offered, l.mid)
		section.Port = anyPort
		return section
	default:
		codecs := answered(offered.Codecs, t.preferred)
		if !slices.ContainsFunc(codecs, func(c sdp.Codec) bool { return !isEvent(c) }) {
			return rejection(offered, l.mid)
		}
		section := &sdp.Section{
			Kind: "audio", Port: anyPort, Proto: offered.Proto, MID: l.mid, NoMID: offered.NoMID,
			Direction: intersect(t.direction, reverse(offered.Direction)),
			RTCPMux:   true, RTCPReducedSize: offered.RTCPReducedSize,
			Codecs: codecs, Extensions: answeredExtensions(offered),
		}
		t.describeSender(section, p.cname)
		return section
	}
}

// usable says whether a section of the pending remote offer can have the one
// transport: it is not rejected, and it is in the BUNDLE group or is the first
// that is usable at all.
func (p *PeerConnection) usable(index int) bool {
	offer := p.signaling.pendingRemote.session
	return usableSections(offer)[index]
}

// usableSections marks the sections that share the transport. Everything that
// is bundled does; without a group the first section does alone.
func usableSections(session *sdp.Session) []bool {
	usable := make([]bool, len(session.Sections))
	first := true
	for i, section := range session.Sections {
		if section.Rejected() {
			continue
		}
		if section.RTP() || section.Kind == "application" {
			usable[i] = first || session.InBundle(section.MID) && !section.NoMID
			first = false
		}
	}
	return usable
}

// answerSetup chooses the DTLS role (RFC 8842, section 5.3); an association
// that exists keeps its roles.
func (p *PeerConnection) answerSetup(offered *sdp.Section) string {
	switch offered.Setup {
	case "active":
		return "passive"
	case "passive":
		return "active"
	}
	if client, ok := p.transport.Client(); ok && !client {
		return "passive"
	}
	return "active"
}

// reverse is a direction seen from the other side.
func reverse(direction string) string {
	switch direction {
	case "sendonly":
		return "recvonly"
	case "recvonly":
		return "sendonly"
	}
	return direction
}

func sends(direction string) bool    { return direction == "sendrecv" || direction == "sendonly" }
func receives(direction string) bool { return direction == "sendrecv" || direction == "recvonly" }

// intersect is what both directions, seen from the same side, allow.
func intersect(a, b string) string {
	return directionOf(sends(a) && sends(b), receives(a) && receives(b))
}

func directionOf(send, receive bool) string {
	switch {
	case send && receive:
		return "sendrecv"
	case send:
		return "sendonly"
	case receive:
		return "recvonly"
	}
	return "inactive"
}
