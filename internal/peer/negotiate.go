package peer

import (
	"time"

	"nearend/internal/peer/sdp"
	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// negotiate makes the outcome of an offer and a (provisional) answer count.
// local says that the answer is ours.
func (p *PeerConnection) negotiate(final, local bool) *protocol.Error {
	s := &p.signaling
	ours, theirs := s.local().session, s.remote().session
	answer, offer := theirs, ours
	if local {
		answer, offer = ours, theirs
	}
	usable := usableSections(answer)
	if local {
		usable = usableSections(offer)
	}
	transportAt := -1
	for i := range answer.Sections {
		active := usable[i] && !answer.Sections[i].Rejected() && !offer.Sections[i].Rejected()
		if active && transportAt < 0 {
			transportAt = i
		}
		if final {
			s.lines[i].rejected = !active
		}
		t := s.lines[i].transceiver
		if t == nil {
			continue
		}
		if active {
			p.negotiateSection(t, i, local)
			continue
		}
		t.current = "inactive"
		if final && answer.Sections[i].Rejected() {
			t.stop()
		}
	}
	if !local {
		for _, section := range answer.Sections {
			s.extensions.learn(section.Extensions)
		}
	}
	if transportAt >= 0 {
		client := answer.Sections[transportAt].Setup == "active"
		if !local {
			client = answer.Sections[transportAt].Setup == "passive"
		}
		if err := p.startTransport(theirs.Sections[transportAt], theirs.Lite, !local, client); err != nil {
			return err
		}
	}
	if final {
		p.settle()
	}
	p.applyStreams()
	p.data.negotiated(p, final)
	return nil
}

// negotiateSection gives a transceiver its current direction and codecs.
func (p *PeerConnection) negotiateSection(t *transceiver, index int, local bool) {
	ours := p.signaling.local().session.Sections[index]
	theirs := p.signaling.remote().session.Sections[index]
	answer := theirs
	if local {
		answer = ours
	}
	direction := intersect(ours.Direction, reverse(theirs.Direction))
	if !local {
		t.processRemote(direction, theirs, p.signaling.remote().session)
	}
	t.current = direction
	if t.kind != "audio" {
		t.current = "inactive"
		return
	}
	t.codecs = negotiate(ours, theirs, answer)
	if t.codecs.send == nil {
		t.current = "inactive"
	}
	t.extensions = commonExtensions(ours, theirs)
	t.reducedSize = ours.RTCPReducedSize && theirs.RTCPReducedSize
	t.feedback = transportFeedback(ours) && transportFeedback(theirs)
	t.packetTime = packetTime(theirs)
	t.bandwidth = theirs.Bandwidth
	t.remoteSSRCs = theirs.SSRCs
	t.offered = ours.Direction
}

func transportFeedback(section *sdp.Section) bool {
	for _, c := range section.Codecs {
		for _, f := range c.Feedback {
			if f == "transport-cc" {
				return true
			}
		}
	}
	return false
}

// packetTime is what the far end asks for, zero for the default.
func packetTime(section *sdp.Section) time.Duration {
	ms := section.PTime
	if section.MaxPTime > 0 && (ms == 0 && section.MaxPTime < 20 || ms > section.MaxPTime) {
		ms = section.MaxPTime
	}
	return time.Duration(ms) * time.Millisecond
}

// startTransport begins ICE and DTLS with the far end's section.
func (p *PeerConnection) startTransport(remote *sdp.Section, lite, offerer, client bool) *protocol.Error {
	if err := p.startICE(remote, lite, offerer); err != nil {
		return err
	}
	fingerprints := make([]transport.Fingerprinted, len(remote.Fingerprints))
	for i, f := range remote.Fingerprints {
		fingerprints[i] = transport.Fingerprinted{Algorithm: f.Algorithm, Value: f.Value}
	}
	p.transport.Secure(client, fingerprints)
	return nil
}
