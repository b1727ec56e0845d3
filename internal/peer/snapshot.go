package peer

import (
	"encoding/base64"
	"reflect"
	"slices"

	"nearend/internal/peer/sdp"
	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// snapshots remembers what the page knows.
type snapshots struct {
	seq  uint64
	sent protocol.Snapshot
	// removed are transceivers that left the list since the last snapshot.
	removed []string
}

// snapshot returns the sections that changed since the last one; it counts as
// sent.
func (p *PeerConnection) snapshot() protocol.Snapshot {
	snapshot, _ := p.difference()
	if snapshot.Seq == 0 {
		p.snapshots.seq++
		snapshot.Seq = p.snapshots.seq
	}
	return snapshot
}

// difference is snapshot, but counts only when there is something in it.
func (p *PeerConnection) difference() (protocol.Snapshot, bool) {
	s := &p.snapshots
	now := protocol.Snapshot{
		States: p.states(), Descriptions: p.descriptions(), Transceivers: p.transceiverList(),
		Transport: p.transportSection(), SCTP: p.data.section(p),
	}
	var changed protocol.Snapshot
	some := false
	some = pick(&changed.States, &s.sent.States, now.States) || some
	some = pick(&changed.Descriptions, &s.sent.Descriptions, now.Descriptions) || some
	some = pick(&changed.Transceivers, &s.sent.Transceivers, now.Transceivers) || some
	some = pick(&changed.Transport, &s.sent.Transport, now.Transport) || some
	some = pick(&changed.SCTP, &s.sent.SCTP, now.SCTP) || some
	if len(s.removed) > 0 {
		list := *now.Transceivers
		list.Removed = s.removed
		changed.Transceivers, s.removed, some = &list, nil, true
	}
	if some {
		s.seq++
		changed.Seq = s.seq
	}
	return changed, some
}

// pick puts a section into a snapshot when it differs from the one sent.
func pick[T any](into, sent **T, now *T) bool {
	if now == nil || reflect.DeepEqual(*sent, now) {
		return false
	}
	*into, *sent = now, now
	return true
}

func (p *PeerConnection) states() *protocol.States {
	states := &protocol.States{
		Signaling:         p.signaling.state,
		IceGathering:      p.gatheringState(),
		IceConnection:     p.iceConnectionState(),
		Connection:        p.connectionState(),
		NegotiationNeeded: p.needed,
	}
	if remote := p.signaling.remote(); remote != nil {
		states.CanTrickle = &remote.session.Trickle
	}
	return states
}

func (p *PeerConnection) gatheringState() string {
	switch g := p.ice.newest(); {
	case g == nil:
		return "new"
	case g.done:
		return "complete"
	default:
		return "gathering"
	}
}

// iceConnectionState is the state of the one ICE transport. During a restart
// the old path goes on carrying media, so its state counts while it is good.
func (p *PeerConnection) iceConnectionState() string {
	if p.closed {
		return "closed"
	}
	if p.ice.current == nil {
		return "new"
	}
	state := p.ice.current.State()
	if active := p.transport.Active(); active != nil && active != p.ice.current.Generation {
		if old := active.State(); (old == "connected" || old == "completed") && state != "failed" {
			return "connected"
		}
		if state == "new" {
			return active.State()
		}
	}
	return state
}

// connectionState joins ICE and DTLS (WebRTC 1.0, section 4.3.3).
func (p *PeerConnection) connectionState() string {
	if p.closed {
		return "closed"
	}
	ice, dtls := p.iceConnectionState(), p.transport.DTLSState()
	switch {
	case ice == "failed" || dtls == "failed":
		return "failed"
	case ice == "disconnected":
		return "disconnected"
	case ice == "new" && (dtls == "new" || dtls == "closed"):
		return "new"
	case ice == "new" || ice == "checking" || dtls == "new" || dtls == "connecting":
		return "connecting"
	case dtls == "closed":
		return "closed"
	}
	return "connected"
}

func (p *PeerConnection) descriptions() *protocol.Descriptions {
	s := &p.signaling
	return &protocol.Descriptions{
		CurrentLocal:  p.localText(s.currentLocal),
		PendingLocal:  p.localText(s.pendingLocal),
		CurrentRemote: p.remoteText(s.currentRemote),
		PendingRemote: p.remoteText(s.pendingRemote),
	}
}

// localText is a local description with the candidates gathered so far.
func (p *PeerConnection) localText(d *description) *protocol.Description {
	if d == nil {
		return nil
	}
	text := d.text
	index := transportIndex(d.session)
	for _, g := range []*generation{p.ice.current, p.ice.next} {
		if g == nil || index < 0 || d.session.Sections[index].Ufrag != g.Credentials().Ufrag {
			continue
		}
		lines := make([]string, len(g.candidates))
		for i, c := range g.candidates {
			lines[i] = c.Line
		}
		text = sdp.WithCandidates(text, index, lines, g.done)
	}
	return &protocol.Description{Type: d.kind, SDP: text}
}

// remoteText is a remote description with the candidates added since.
func (p *PeerConnection) remoteText(d *description) *protocol.Description {
	if d == nil {
		return nil
	}
	text := d.text
	for i, section := range d.session.Sections {
		text = sdp.WithCandidates(text, i, p.remoteLines(i, section.Ufrag), false)
	}
	return &protocol.Description{Type: d.kind, SDP: text}
}

func (p *PeerConnection) transceiverList() *protocol.Transceivers {
	list := make([]protocol.Transceiver, len(p.transceivers))
	for i, t := range p.transceivers {
		list[i] = t.section(p)
	}
	return &protocol.Transceivers{List: list}
}

func (t *transceiver) section(p *PeerConnection) protocol.Transceiver {
	view := protocol.Transceiver{
		ID: t.id, Kind: t.kind, Direction: t.direction, Stopped: t.stopped, Stopping: t.stopping,
		CurrentDirection: optional(t.current), FiredDirection: optional(t.fired), Mid: optional(t.mid),
		Sender: protocol.Sender{
			CanInsertDTMF: t.canInsertDTMF(),
			Parameters: protocol.RTPParameters{
				Encodings: slices.Clone(t.sender.encodings), CNAME: p.cname, ReducedSize: t.reducedSize,
				Codecs: protocolCodecs(t.codecs.sendList), HeaderExtensions: extensionList(t.extensions),
			},
		},
		Receiver: protocol.Receiver{
			Track: t.receiver.track, Streams: append([]string{}, t.streams...), Muted: t.receiver.muted.Load(),
			Parameters: protocol.RTPParameters{
				ReducedSize: t.reducedSize, Codecs: protocolCodecs(t.codecs.receiveList),
				HeaderExtensions: extensionList(t.extensions),
			},
		},
	}
	if t.stopped {
		view.CurrentDirection = optional("stopped")
	}
	return view
}

func extensionList(list []protocol.HeaderExtension) []protocol.HeaderExtension {
	return append([]protocol.HeaderExtension{}, list...)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *PeerConnection) transportSection() *protocol.Transport {
	view := &protocol.Transport{
		IceState: p.iceConnectionState(), GatheringState: p.gatheringState(), DTLSState: p.transport.DTLSState(),
	}
	g := p.ice.current
	if g == nil {
		return view
	}
	view.IceRole = g.Role()
	view.LocalParameters = iceParameters(g.Credentials())
	view.RemoteParameters = iceParameters(g.Remote())
	for _, c := range g.candidates {
		view.LocalCandidates = append(view.LocalCandidates, p.localCandidate(g, c))
	}
	for _, c := range p.ice.candidates {
		if c.ufrag == g.Remote().Ufrag && c.line != "" {
			view.RemoteCandidates = append(view.RemoteCandidates, p.remoteCandidate(c))
		}
	}
	if active := p.transport.Active(); active != nil {
		if local, remote, ok := active.Selected(); ok {
			view.SelectedPair = &protocol.CandidatePair{
				Local:  p.localCandidate(g, transport.Candidate{Line: local}),
				Remote: protocol.IceCandidate{Candidate: remote, UsernameFragment: optional(active.Remote().Ufrag)},
			}
		}
	}
	if a := p.transport.Association(); a != nil && a.RemoteCertificate() != nil {
		view.RemoteCertificates = []string{base64.StdEncoding.EncodeToString(a.RemoteCertificate())}
	}
	return view
}

func (p *PeerConnection) remoteCandidate(c remoteCandidate) protocol.IceCandidate {
	view := protocol.IceCandidate{Candidate: c.line, UsernameFragment: optional(c.ufrag), SDPMLineIndex: &c.section}
	if remote := p.signaling.remote(); remote != nil && c.section < len(remote.session.Sections) {
		view.SDPMid = &remote.session.Sections[c.section].MID
	}
	return view
}

func iceParameters(c transport.Credentials) *protocol.IceParameters {
	if c.Ufrag == "" {
		return nil
	}
	return &protocol.IceParameters{UsernameFragment: c.Ufrag, Password: c.Pwd}
}
