package peer

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"nearend/internal/peer/sdp"
	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// signaling is the offer/answer state of a peer connection (RFC 8829).
//
//	         local offer ┌──────────────────┐ remote (pr)answer
//	      ┌─────────────►│ have-local-offer ├────────────────┐
//	┌─────┴──┐           └──────────────────┘                ▼
//	│ stable │◄── answer, or rollback ───────  have-remote-/local-pranswer
//	└─────┬──┘           ┌──────────────────┐                ▲
//	      └─────────────►│ have-remote-offer├────────────────┘
//	        remote offer └──────────────────┘ local (pr)answer
type signaling struct {
	state string

	currentLocal, pendingLocal, currentRemote, pendingRemote *description
	// lastOffer and lastAnswer are what createOffer and createAnswer returned
	// last; a description without SDP means these.
	lastOffer, lastAnswer string

	// lines are the m= sections in order, as of the latest description.
	lines []line
	// saved is what a rollback returns to, nil while stable.
	saved *savepoint

	payloadTypes payloadTypes
	extensions   extensionIDs
	// session and version are of our o= line.
	session, version uint64
}

// description is one applied description.
type description struct {
	kind string
	// text is as the page gave it, without candidates gathered since.
	text    string
	session *sdp.Session
}

// line is one m= section and what it belongs to. Both members are empty for a
// section that nothing belongs to: rejected, or of a kind that is not known.
type line struct {
	mid         string
	transceiver *transceiver
	application bool
	rejected    bool
}

// savepoint is the stable state before an offer was applied.
type savepoint struct {
	lines        []line
	associations map[*transceiver]association
	payloadTypes payloadTypes
	extensions   extensionIDs
	remoteICE    transport.Credentials
}

func (s *signaling) init() {
	s.state = "stable"
	s.payloadTypes = payloadTypes{}
	s.extensions = extensionIDs{}
	s.session = newSessionID()
}

// local and remote are the descriptions that count now.
func (s *signaling) local() *description {
	if s.pendingLocal != nil {
		return s.pendingLocal
	}
	return s.currentLocal
}

func (s *signaling) remote() *description {
	if s.pendingRemote != nil {
		return s.pendingRemote
	}
	return s.currentRemote
}

// save keeps the stable state before the first change of an exchange.
func (p *PeerConnection) save() {
	s := &p.signaling
	if s.saved != nil {
		return
	}
	s.saved = &savepoint{
		lines:        slices.Clone(s.lines),
		associations: map[*transceiver]association{},
		payloadTypes: maps.Clone(s.payloadTypes),
		extensions:   maps.Clone(s.extensions),
		remoteICE:    p.ice.remote,
	}
	for _, t := range p.transceivers {
		s.saved.associations[t] = t.association
	}
}

// rollback returns to stable (RFC 8829, section 4.1.10.2). A transceiver that
// the rolled back offer of the far end created goes away unless addTrack has
// taken it since.
func (p *PeerConnection) rollback() *protocol.Error {
	s := &p.signaling
	if s.state != "have-local-offer" && s.state != "have-remote-offer" {
		return fail(protocol.InvalidStateError, "there is no offer to roll back in state "+s.state)
	}
	s.lines = s.saved.lines
	s.payloadTypes, s.extensions = s.saved.payloadTypes, s.saved.extensions
	p.ice.remote = s.saved.remoteICE
	for _, t := range slices.Clone(p.transceivers) {
		saved, ok := s.saved.associations[t]
		switch {
		case ok:
			t.restore(saved)
		case t.byRemote && !t.taken:
			p.removeTransceiver(t)
		default:
			t.restore(unassociated)
		}
	}
	s.pendingLocal, s.pendingRemote, s.saved = nil, nil, nil
	s.state = "stable"
	p.rollbackICE()
	p.applyStreams()
	p.needed = false
	return nil
}

// settle returns to stable after an answer was applied.
func (p *PeerConnection) settle() {
	s := &p.signaling
	s.currentLocal, s.currentRemote = s.local(), s.remote()
	s.pendingLocal, s.pendingRemote, s.saved = nil, nil, nil
	s.state = "stable"
	for _, t := range slices.Clone(p.transceivers) {
		rejected := t.line < 0 || s.lines[t.line].rejected || s.lines[t.line].transceiver != t
		if t.stopping && rejected {
			t.stopped = true
			p.removeTransceiver(t)
		}
	}
	p.finishICE()
	// WebRTC 1.0, section 4.4.1.5: cleared, and looked at again after the reply.
	p.needed = false
}

// parse reads a description; what is wrong with its syntax is an RTCError with
// the line (WebRTC 1.0, section 4.4.1.5).
func parse(d protocol.Description) (*sdp.Session, *protocol.Error) {
	if len(d.SDP) > protocol.MaxSDP {
		return nil, fail(protocol.OperationError, "the description is too large")
	}
	session, err := sdp.Parse(d.SDP)
	if err == nil {
		return session, nil
	}
	failure := fail(protocol.RTCError, "the description cannot be parsed: "+err.Error())
	failure.Detail = "sdp-syntax-error"
	var syntax *sdp.SyntaxError
	if errors.As(err, &syntax) {
		failure.SDPLine = syntax.Line
	}
	return nil, failure
}

// checkState says whether a description of a kind may be set now (RFC 8829,
// section 4.1.8).
func (s *signaling) checkState(kind string, local bool) *protocol.Error {
	mine, theirs := "have-local-", "have-remote-"
	if !local {
		mine, theirs = theirs, mine
	}
	ok := false
	switch kind {
	case "offer":
		ok = s.state == "stable" || s.state == mine+"offer"
	case "answer", "pranswer":
		ok = s.state == theirs+"offer" || s.state == mine+"pranswer"
	case "rollback":
		return nil
	default:
		return fail(protocol.TypeError, "bad description type")
	}
	if ok {
		return nil
	}
	return fail(protocol.InvalidStateError, "cannot set an "+kind+" in state "+s.state)
}

// applicationLine finds the data section, or -1.
func (s *signaling) applicationLine() int {
	return slices.IndexFunc(s.lines, func(l line) bool { return l.application })
}

// mintMID makes a section name that no section has had.
func (p *PeerConnection) mintMID() string {
	for n := 0; ; n++ {
		mid := strconv.Itoa(n)
		if !p.usesMID(mid) {
			return mid
		}
	}
}

func (p *PeerConnection) usesMID(mid string) bool {
	if p.data.proposedMID == mid {
		return true
	}
	for _, l := range p.signaling.lines {
		if l.mid == mid {
			return true
		}
	}
	for _, t := range p.transceivers {
		if t.proposedMID == mid || t.mid == mid {
			return true
		}
	}
	return false
}
