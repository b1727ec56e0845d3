package peer

import (
	"maps"

	"nearend/internal/peer/sdp"
	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// iceState is what signalling knows of ICE.
type iceState struct {
	// current is the generation of the negotiated local description, or of the
	// first offer; next is one that a pending description restarts ICE with.
	current, next *generation
	// proposed are credentials that createOffer or createAnswer wrote and no
	// description has used yet.
	proposed transport.Credentials
	// replace holds the ufrags that restartIce wants gone: the slot
	// [[LocalIceCredentialsToReplace]].
	replace map[string]bool
	// remote are the far end's credentials in its latest description.
	remote transport.Credentials
	// candidates are all that the far end gave, by the ufrag they belong to.
	candidates []remoteCandidate
	// controlling is fixed by the first exchange.
	controlling, roleKnown bool
}

// generation is a transport's generation with what it has gathered.
type generation struct {
	*transport.Generation
	candidates []transport.Candidate
	done       bool
}

type remoteCandidate struct {
	line, ufrag string
	// section is the index of the m= section.
	section int
	// signalled says that addIceCandidate brought it, not a description.
	signalled bool
}

// maxRemoteCandidates bounds what a page or a far end can make us keep.
const maxRemoteCandidates = 1024

// newest is the generation of the newest local description.
func (s *iceState) newest() *generation {
	if s.next != nil {
		return s.next
	}
	return s.current
}

// offerCredentials are the credentials of a new offer: new ones for the first
// offer or a restart, else those in use.
func (p *PeerConnection) offerCredentials(restart bool) transport.Credentials {
	newest := p.ice.newest()
	if newest != nil && !restart && !p.ice.replace[newest.Credentials().Ufrag] {
		return newest.Credentials()
	}
	return p.propose()
}

// answerCredentials are new when the far end has restarted ICE (RFC 8829,
// section 5.3.1).
func (p *PeerConnection) answerCredentials() transport.Credentials {
	newest := p.ice.newest()
	if newest != nil && (newest != p.ice.current || newest.Remote() == (transport.Credentials{}) || newest.Remote() == p.ice.remote) {
		return newest.Credentials()
	}
	return p.propose()
}

func (p *PeerConnection) propose() transport.Credentials {
	if p.ice.proposed == (transport.Credentials{}) {
		p.ice.proposed = transport.NewCredentials()
	}
	return p.ice.proposed
}

// gatherFor makes the generation that a local description names by its
// credentials, unless it exists.
func (p *PeerConnection) gatherFor(session *sdp.Session) *protocol.Error {
	section := transportSection(session)
	if section == nil {
		return nil
	}
	named := transport.Credentials{Ufrag: section.Ufrag, Pwd: section.Pwd}
	if err := p.checkIdentity(section); err != nil {
		return err
	}
	ice := &p.ice
	switch {
	case ice.next != nil && ice.next.Credentials() == named:
		return nil
	case ice.current != nil && ice.current.Credentials() == named:
		p.dropNext()
		return nil
	}
	made, err := p.transport.NewGeneration(named, p.configuration.servers, p.configuration.relayOnly)
	if err != nil {
		return fail(protocol.OperationError, err.Error())
	}
	ice.proposed = transport.Credentials{}
	p.dropNext()
	if ice.current == nil {
		ice.current = &generation{Generation: made}
	} else {
		ice.next = &generation{Generation: made}
	}
	return nil
}

func (p *PeerConnection) dropNext() {
	if p.ice.next != nil {
		p.transport.Discard(p.ice.next.Generation)
		p.ice.next = nil
	}
}

// checkIdentity refuses a local description with a certificate that is not ours.
func (p *PeerConnection) checkIdentity(section *sdp.Section) *protocol.Error {
	if section.Ufrag == "" || section.Pwd == "" {
		return fail(protocol.InvalidModificationError, "the description has no ice-ufrag and ice-pwd")
	}
	for _, f := range section.Fingerprints {
		if transport.Fingerprint(f.Algorithm, p.transport.Certificate().DER()) == f.Value {
			return nil
		}
	}
	return fail(protocol.InvalidModificationError, "the fingerprint is not of the local certificate")
}

// transportSection is the first section that has the transport, or nil.
func transportSection(session *sdp.Session) *sdp.Section {
	if i := transportIndex(session); i >= 0 {
		return session.Sections[i]
	}
	return nil
}

func transportIndex(session *sdp.Session) int {
	for i, usable := range usableSections(session) {
		if usable {
			return i
		}
	}
	return -1
}

// learnRemoteICE takes credentials and candidates from a remote description.
func (p *PeerConnection) learnRemoteICE(session *sdp.Session) {
	for i, section := range session.Sections {
		if section.Rejected() || section.Ufrag == "" {
			continue
		}
		if i == transportIndex(session) {
			p.ice.remote = transport.Credentials{Ufrag: section.Ufrag, Pwd: section.Pwd}
		}
		for _, candidate := range section.Candidates {
			p.keepCandidate(remoteCandidate{candidate, section.Ufrag, i, false})
		}
		if section.EndOfCandidates {
			p.keepCandidate(remoteCandidate{"", section.Ufrag, i, false})
		}
	}
}

// keepCandidate stores a candidate and gives it to the generation that it is
// for, if that has started.
func (p *PeerConnection) keepCandidate(c remoteCandidate) {
	if len(p.ice.candidates) >= maxRemoteCandidates {
		return
	}
	p.ice.candidates = append(p.ice.candidates, c)
	for _, g := range []*generation{p.ice.current, p.ice.next} {
		if g != nil && g.Remote().Ufrag == c.ufrag {
			p.giveCandidate(g, c)
		}
	}
}

func (p *PeerConnection) giveCandidate(g *generation, c remoteCandidate) {
	if err := g.AddRemote(c.line); err != nil {
		p.log.Debug().Err(err).Msg("remote candidate not used")
	}
}

// startICE begins, or goes on with, connectivity checks towards the section.
func (p *PeerConnection) startICE(remote *sdp.Section, lite, offerer bool) *protocol.Error {
	g := p.ice.newest()
	if g == nil {
		return fail(protocol.InvalidStateError, "nothing has been gathered")
	}
	if !p.ice.roleKnown {
		// RFC 8445, section 6.1.1: the offerer controls, a full agent controls
		// a lite one.
		p.ice.controlling, p.ice.roleKnown = offerer || lite, true
	}
	credentials := transport.Credentials{Ufrag: remote.Ufrag, Pwd: remote.Pwd}
	switch g.Remote() {
	case credentials:
		return nil
	case transport.Credentials{}:
	default:
		// A forked call: another branch answers than the one that rang, to the
		// same offer. It gets a path of its own, with the offer's credentials.
		made, err := p.transport.NewGeneration(g.Credentials(), p.configuration.servers, p.configuration.relayOnly)
		if err != nil {
			return fail(protocol.OperationError, err.Error())
		}
		p.dropNext()
		p.ice.next = &generation{Generation: made}
		g = p.ice.next
	}
	if err := g.Start(p.ice.controlling || lite, lite, credentials); err != nil {
		return fail(protocol.OperationError, err.Error())
	}
	for _, c := range p.ice.candidates {
		if c.ufrag == credentials.Ufrag {
			p.giveCandidate(g, c)
		}
	}
	return nil
}

// finishICE makes a restart the current generation. The transport goes on using
// the old one until the new one is connected.
func (p *PeerConnection) finishICE() {
	ice := &p.ice
	if ice.next != nil {
		ice.current, ice.next = ice.next, nil
	}
	if ice.current != nil {
		maps.DeleteFunc(ice.replace, func(ufrag string, _ bool) bool { return ufrag != ice.current.Credentials().Ufrag })
	}
}

// rollbackICE forgets what the rolled back description gathered.
func (p *PeerConnection) rollbackICE() {
	p.dropNext()
	if p.signaling.currentLocal == nil && p.ice.current != nil {
		p.transport.Discard(p.ice.current.Generation)
		p.ice.current = nil
	}
}

// restartIce implements RTCPeerConnection.restartIce.
func (p *PeerConnection) restartIce(*protocol.PCParams) *protocol.Error {
	p.ice.replace = map[string]bool{}
	for _, g := range []*generation{p.ice.current, p.ice.next} {
		if g != nil {
			p.ice.replace[g.Credentials().Ufrag] = true
		}
	}
	p.updateNegotiationNeeded()
	return nil
}
