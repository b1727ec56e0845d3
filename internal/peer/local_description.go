package peer

import (
	"slices"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// setLocalDescription implements RTCPeerConnection.setLocalDescription with its
// implicit form. A description that the page has edited is accepted as far as
// browsers accept it: codecs, their order and parameters, directions, packet
// times and header extensions are taken as written; the number, order and names
// of sections and the credentials must be ours.
func (p *PeerConnection) setLocalDescription(params *protocol.PCSetDescriptionParams) *protocol.Error {
	d := p.implied(params.Description)
	if err := p.signaling.checkState(d.Type, true); err != nil {
		return err
	}
	if d.Type == "rollback" {
		return p.rollback()
	}
	if d.SDP == "" {
		d.SDP = p.lastCreated(d.Type)
	}
	session, err := parse(d)
	if err != nil {
		return err
	}
	applied := &description{kind: d.Type, text: d.SDP, session: session}
	if d.Type == "offer" {
		return p.applyLocalOffer(applied)
	}
	return p.applyLocalAnswer(applied)
}

// implied is the description that setLocalDescription means without an
// argument or without a type (WebRTC 1.0, section 4.4.2.5).
func (p *PeerConnection) implied(d *protocol.Description) protocol.Description {
	if d != nil && d.Type != "" {
		return *d
	}
	kind := "answer"
	switch p.signaling.state {
	case "stable", "have-local-offer", "have-remote-pranswer":
		kind = "offer"
	}
	return protocol.Description{Type: kind}
}

// lastCreated is what createOffer or createAnswer returned last, made now when
// the page has called neither since something changed.
func (p *PeerConnection) lastCreated(kind string) string {
	if kind == "offer" {
		return p.makeOffer(false)
	}
	return p.makeAnswer()
}

// applyLocalOffer takes over the associations that the offer makes.
func (p *PeerConnection) applyLocalOffer(d *description) *protocol.Error {
	s := &p.signaling
	lines, err := p.matchLocalOffer(d.session)
	if err != nil {
		return err
	}
	if err := p.gatherFor(d.session); err != nil {
		return err
	}
	p.save()
	s.lines = lines
	for i, l := range lines {
		if l.transceiver != nil {
			l.transceiver.mid, l.transceiver.line = l.mid, i
		}
	}
	s.pendingLocal, s.state = d, "have-local-offer"
	return nil
}

// matchLocalOffer finds what each section of an offer of ours belongs to.
func (p *PeerConnection) matchLocalOffer(session *sdp.Session) ([]line, *protocol.Error) {
	s := &p.signaling
	if len(session.Sections) < len(s.lines) {
		return nil, fail(protocol.InvalidModificationError, "the offer has fewer sections than the session")
	}
	lines := make([]line, len(session.Sections))
	for i, section := range session.Sections {
		l := line{mid: section.MID}
		switch {
		case i < len(s.lines) && s.lines[i].mid == section.MID:
			l = s.lines[i]
		case i < len(s.lines) && !s.lines[i].rejected:
			return nil, fail(protocol.InvalidModificationError, "a section has changed its name")
		case section.MID != "" && section.MID == p.data.proposedMID:
			l.application = true
		default:
			at := slices.IndexFunc(p.transceivers, func(t *transceiver) bool {
				return t.line < 0 && section.MID != "" && t.proposedMID == section.MID
			})
			if at < 0 {
				return nil, fail(protocol.InvalidModificationError, "a section belongs to no transceiver")
			}
			l.transceiver = p.transceivers[at]
		}
		l.rejected = section.Rejected()
		lines[i] = l
	}
	return lines, nil
}

// applyLocalAnswer ends, or for a provisional answer advances, an exchange that
// the far end began.
func (p *PeerConnection) applyLocalAnswer(d *description) *protocol.Error {
	s := &p.signaling
	offer := s.pendingRemote.session
	if len(d.session.Sections) != len(offer.Sections) {
		return fail(protocol.InvalidModificationError, "the answer has another number of sections than the offer")
	}
	for i, section := range d.session.Sections {
		if section.MID == "" {
			section.MID, section.NoMID = s.lines[i].mid, true
		}
		if section.MID != s.lines[i].mid || section.Kind != offer.Sections[i].Kind {
			return fail(protocol.InvalidModificationError, "the answer's sections do not match the offer's")
		}
	}
	if err := p.gatherFor(d.session); err != nil {
		return err
	}
	s.pendingLocal = d
	s.state = "have-local-pranswer"
	return p.negotiate(d.kind == "answer", true)
}
