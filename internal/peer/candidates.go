package peer

import (
	"slices"
	"strings"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// addIceCandidate implements RTCPeerConnection.addIceCandidate.
func (p *PeerConnection) addIceCandidate(params *protocol.PCAddIceCandidateParams) *protocol.Error {
	remote := p.signaling.remote()
	if remote == nil {
		return fail(protocol.InvalidStateError, "there is no remote description yet")
	}
	if params.Candidate == nil {
		p.keepCandidate(remoteCandidate{"", p.ice.remote.Ufrag, max(transportIndex(remote.session), 0), true})
		return nil
	}
	c := params.Candidate
	if len(c.Candidate) > protocol.MaxString || strings.ContainsAny(c.Candidate, "\r\n") {
		return fail(protocol.OperationError, "malformed candidate")
	}
	if c.SDPMid == nil && c.SDPMLineIndex == nil && c.Candidate != "" {
		return fail(protocol.TypeError, "neither sdpMid nor sdpMLineIndex")
	}
	section, err := p.candidateSection(remote, c)
	if err != nil {
		return err
	}
	line := strings.TrimPrefix(strings.TrimSpace(c.Candidate), "a=")
	ufrag, err := p.candidateUfrag(c, line, section)
	if err != nil {
		return err
	}
	if line != "" && !validCandidate(line) {
		return fail(protocol.OperationError, "malformed candidate")
	}
	p.keepCandidate(remoteCandidate{line, ufrag, section, true})
	return nil
}

// candidateSection finds the m= section that a candidate names.
func (p *PeerConnection) candidateSection(remote *description, c *protocol.IceCandidate) (int, *protocol.Error) {
	sections := remote.session.Sections
	if c.SDPMid != nil && *c.SDPMid != "" {
		for i, section := range sections {
			if section.MID == *c.SDPMid {
				return i, nil
			}
		}
		if c.SDPMLineIndex == nil {
			return 0, fail(protocol.OperationError, "the candidate's sdpMid names no m= section")
		}
	}
	if c.SDPMLineIndex == nil {
		return max(transportIndex(remote.session), 0), nil
	}
	if *c.SDPMLineIndex < 0 || *c.SDPMLineIndex >= len(sections) {
		return 0, fail(protocol.OperationError, "the candidate's sdpMLineIndex names no m= section")
	}
	return *c.SDPMLineIndex, nil
}

// candidateUfrag is the generation of the far end that a candidate belongs to:
// it must be one that a description in use names (WebRTC 1.0, section 4.4.2.7).
func (p *PeerConnection) candidateUfrag(c *protocol.IceCandidate, line string, section int) (string, *protocol.Error) {
	named := ""
	if c.UsernameFragment != nil {
		named = *c.UsernameFragment
	} else if fields := strings.Fields(line); len(fields) > 8 {
		for i := 8; i+1 < len(fields); i += 2 {
			if fields[i] == "ufrag" {
				named = fields[i+1]
			}
		}
	}
	if named == "" {
		return p.ice.remote.Ufrag, nil
	}
	for _, d := range []*description{p.signaling.pendingRemote, p.signaling.currentRemote} {
		if d == nil {
			continue
		}
		for _, s := range d.session.Sections {
			if s.Ufrag == named {
				return named, nil
			}
		}
	}
	return "", fail(protocol.OperationError, "the candidate's ufrag is of no remote description in use")
}

func validCandidate(line string) bool {
	fields := strings.Fields(line)
	return strings.HasPrefix(line, "candidate:") && len(fields) >= 8 && fields[6] == "typ"
}

// find returns our record of a transport's generation, or nil when it is no
// longer of interest.
func (s *iceState) find(g *transport.Generation) *generation {
	for _, own := range []*generation{s.current, s.next} {
		if own != nil && own.Generation == g {
			return own
		}
	}
	return nil
}

// gathered reports a local candidate.
func (p *PeerConnection) gathered(g *transport.Generation, c transport.Candidate) {
	p.lock()
	defer p.unlock()
	own := p.ice.find(g)
	if own == nil || p.closed {
		return
	}
	own.candidates = append(own.candidates, c)
	p.out.Notify(protocol.PCIceCandidate, protocol.PCIceCandidateEvent{
		PC: p.id, Snapshot: p.snapshot(),
		Candidate: &protocol.GatheredCandidate{
			IceCandidate: p.localCandidate(own, c), URL: c.URL, RelayProtocol: c.RelayProtocol,
		},
	})
}

// gatheringDone reports the end of candidates.
func (p *PeerConnection) gatheringDone(g *transport.Generation) {
	p.lock()
	defer p.unlock()
	own := p.ice.find(g)
	if own == nil || own.done || p.closed {
		return
	}
	own.done = true
	p.out.Notify(protocol.PCIceCandidate, protocol.PCIceCandidateEvent{PC: p.id, Snapshot: p.snapshot()})
}

func (p *PeerConnection) candidateError(g *transport.Generation, e transport.CandidateError) {
	p.lock()
	defer p.unlock()
	if p.ice.find(g) == nil || p.closed {
		return
	}
	p.out.Notify(protocol.PCIceCandidateError, protocol.PCIceCandidateErrorEvent{
		PC: p.id, URL: e.URL, ErrorCode: e.Code, ErrorText: e.Text,
	})
}

// localCandidate names the section and generation of a local candidate.
func (p *PeerConnection) localCandidate(g *generation, c transport.Candidate) protocol.IceCandidate {
	ufrag := g.Credentials().Ufrag
	named := protocol.IceCandidate{Candidate: c.Line, UsernameFragment: &ufrag}
	if local := p.signaling.local(); local != nil {
		if i := transportIndex(local.session); i >= 0 {
			named.SDPMLineIndex = &i
			named.SDPMid = &local.session.Sections[i].MID
		}
	}
	return named
}

// remoteLines are the candidates of a section that addIceCandidate brought.
func (p *PeerConnection) remoteLines(section int, ufrag string) []string {
	var lines []string
	for _, c := range p.ice.candidates {
		if c.signalled && c.section == section && c.ufrag == ufrag && c.line != "" && !slices.Contains(lines, c.line) {
			lines = append(lines, c.line)
		}
	}
	return lines
}
