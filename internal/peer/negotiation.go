package peer

import (
	"slices"

	"nearend/internal/peer/sdp"
)

// updateNegotiationNeeded implements WebRTC 1.0, section 4.7.3. The slot is
// looked at only while stable; an exchange clears it and, after its reply, it
// is looked at again, so that the page sees it fall and rise.
func (p *PeerConnection) updateNegotiationNeeded() {
	if !p.closed && p.signaling.state == "stable" {
		p.needed = p.negotiationNeeded()
	}
}

func (p *PeerConnection) negotiationNeeded() bool {
	if len(p.ice.replace) > 0 {
		return true
	}
	if p.data.wanted() && !p.data.hasSection(p) {
		return true
	}
	return slices.ContainsFunc(p.transceivers, p.needsNegotiation)
}

// hasSection says whether a data section is negotiated.
func (d *dataChannels) hasSection(p *PeerConnection) bool {
	i := p.signaling.applicationLine()
	return i >= 0 && !p.signaling.lines[i].rejected
}

func (p *PeerConnection) needsNegotiation(t *transceiver) bool {
	if t.kind != "audio" {
		return t.stopping && t.line >= 0
	}
	if t.stopping {
		return t.line >= 0
	}
	if t.line < 0 {
		return true
	}
	s := &p.signaling
	if s.currentLocal == nil || s.currentRemote == nil || t.line >= len(s.currentLocal.session.Sections) ||
		t.line >= len(s.currentRemote.session.Sections) {
		return false
	}
	local := s.currentLocal.session.Sections[t.line]
	remote := s.currentRemote.session.Sections[t.line]
	if sends(t.direction) && !sameStreams(local, t.sender.streams) {
		return true
	}
	if s.currentLocal.kind == "offer" {
		return local.Direction != t.direction && reverse(remote.Direction) != t.direction
	}
	return local.Direction != intersect(t.direction, reverse(remote.Direction))
}

// sameStreams compares the streams that a local section signals.
func sameStreams(local *sdp.Section, streams []string) bool {
	if !local.HasMSID {
		return false
	}
	a, b := slices.Clone(local.Streams), slices.Clone(streams)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
