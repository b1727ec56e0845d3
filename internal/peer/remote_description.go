package peer

import (
	"slices"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// setRemoteDescription implements RTCPeerConnection.setRemoteDescription. An
// offer that meets our own rolls ours back first (WebRTC 1.0, section 4.4.1.5).
func (p *PeerConnection) setRemoteDescription(params *protocol.PCSetDescriptionParams) *protocol.Error {
	if params.Description == nil {
		return fail(protocol.TypeError, "no description")
	}
	d := *params.Description
	if d.Type == "rollback" {
		return p.rollback()
	}
	glare := d.Type == "offer" && p.signaling.state == "have-local-offer"
	if !glare {
		if err := p.signaling.checkState(d.Type, false); err != nil {
			return err
		}
	}
	session, err := parse(d)
	if err != nil {
		return err
	}
	if glare {
		if err := p.rollback(); err != nil {
			return err
		}
	}
	if err := p.checkRemote(session, d.Type); err != nil {
		return err
	}
	applied := &description{kind: d.Type, text: d.SDP, session: session}
	if d.Type == "offer" {
		return p.applyRemoteOffer(applied)
	}
	p.signaling.pendingRemote = applied
	p.signaling.state = "have-remote-pranswer"
	p.learnRemoteICE(session)
	return p.negotiate(d.Type == "answer", false)
}

// checkRemote names what has no name and refuses what cannot work, with a
// message that says what is missing.
func (p *PeerConnection) checkRemote(session *sdp.Session, kind string) *protocol.Error {
	s := &p.signaling
	count := len(session.Sections)
	if kind != "offer" && count != len(s.lines) || count < len(s.lines) {
		return fail(protocol.InvalidAccessError, "the number of m= sections does not match the session's")
	}
	if count > protocol.MaxTransceivers {
		return fail(protocol.OperationError, "too many m= sections")
	}
	p.nameSections(session)
	seen := map[string]bool{}
	for i, section := range session.Sections {
		if seen[section.MID] {
			return fail(protocol.InvalidAccessError, "two m= sections have the same mid")
		}
		seen[section.MID] = true
		if i < len(s.lines) && (kind != "offer" || !s.lines[i].rejected) {
			if section.MID != s.lines[i].mid || section.Kind != p.kindOf(s.lines[i]).Kind {
				return fail(protocol.InvalidAccessError, "the order of m= sections does not match the session's")
			}
		}
	}
	for i, usable := range usableSections(session) {
		if err := checkSection(session.Sections[i]); usable && err != nil {
			return err
		}
	}
	return nil
}

// nameSections gives a mid to sections without: the one that the place has had,
// or a new one.
func (p *PeerConnection) nameSections(session *sdp.Session) {
	next := 0
	for i, section := range session.Sections {
		if section.MID != "" {
			continue
		}
		section.NoMID = true
		if i < len(p.signaling.lines) {
			section.MID = p.signaling.lines[i].mid
			continue
		}
		for section.MID == "" {
			mid := "nomid" + string(rune('a'+next%26))
			if next >= 26 {
				mid += string(rune('a' + next/26%26))
			}
			next++
			if session.ByMID(mid) == nil && !p.usesMID(mid) {
				section.MID = mid
			}
		}
	}
}

func checkSection(section *sdp.Section) *protocol.Error {
	switch {
	case section.RTP() && !section.RTCPMux:
		return fail(protocol.InvalidAccessError, "the m= section does not multiplex RTP and RTCP (a=rtcp-mux), which is required")
	case section.Ufrag == "" || section.Pwd == "":
		return fail(protocol.InvalidAccessError, "the m= section has no ice-ufrag and ice-pwd")
	case len(section.Fingerprints) == 0 && section.Crypto:
		return fail(protocol.InvalidAccessError, "the m= section keys SRTP by a=crypto (SDES); DTLS (a=fingerprint) is required")
	case len(section.Fingerprints) == 0:
		return fail(protocol.InvalidAccessError, "the m= section has no DTLS fingerprint")
	}
	return nil
}

// applyRemoteOffer associates transceivers with the offer's sections (RFC 8829,
// section 5.10).
func (p *PeerConnection) applyRemoteOffer(d *description) *protocol.Error {
	s := &p.signaling
	p.save()
	for i, section := range d.session.Sections {
		if i == len(s.lines) {
			s.lines = append(s.lines, line{rejected: true})
		}
		p.applyOfferedSection(i, section, d.session)
		if section.Kind == "audio" && !section.Rejected() {
			s.payloadTypes.learn(section.Codecs)
			s.extensions.learn(section.Extensions)
		}
	}
	s.pendingRemote, s.state = d, "have-remote-offer"
	p.learnRemoteICE(d.session)
	return nil
}

func (p *PeerConnection) applyOfferedSection(i int, section *sdp.Section, session *sdp.Session) {
	l := &p.signaling.lines[i]
	switch {
	case section.Rejected():
		if l.transceiver != nil && l.mid == section.MID {
			l.transceiver.stop()
		}
		l.mid, l.rejected = section.MID, true
	case section.Kind == "application":
		*l = line{mid: section.MID, application: true}
	case section.RTP():
		t := l.transceiver
		if t == nil || l.rejected || l.mid != section.MID {
			t = p.transceiverFor(section)
		}
		*l = line{mid: section.MID, transceiver: t}
		if t != nil {
			t.mid, t.line = section.MID, i
			t.processRemote(reverse(section.Direction), section, session)
		}
	default:
		*l = line{mid: section.MID, rejected: true}
	}
}

// transceiverFor takes a transceiver that addTrack made and that no section has
// yet, or makes one. It returns nil when there are too many.
func (p *PeerConnection) transceiverFor(section *sdp.Section) *transceiver {
	if section.Receives() {
		at := slices.IndexFunc(p.transceivers, func(t *transceiver) bool {
			return t.fromAddTrack && t.line < 0 && !t.stopping && t.kind == section.Kind
		})
		if at >= 0 {
			return p.transceivers[at]
		}
	}
	if len(p.transceivers) >= protocol.MaxTransceivers {
		return nil
	}
	t := p.newTransceiver(p.mintID(), section.Kind)
	t.direction, t.byRemote = "recvonly", true
	if section.Kind != "audio" {
		t.direction = "inactive"
	}
	p.transceivers = append(p.transceivers, t)
	return t
}
