package peer

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// transceiver is one RTCRtpTransceiver. It is guarded by PeerConnection.mu.
type transceiver struct {
	id, kind string
	association
	// direction is the preferred one.
	direction         string
	stopping, stopped bool
	// fromAddTrack lets a remote offer take it; byRemote says that one made it,
	// taken that addTrack has used it since.
	fromAddTrack, byRemote, taken bool
	preferred                     []sdp.Codec
	// proposedMID is the name that createOffer gave its section.
	proposedMID string
	sender      *sender
	receiver    *receiver
}

// association is what descriptions, and so rollback, change.
type association struct {
	mid string
	// line is the index of the m= section, -1 for none.
	line int
	// current and fired are [[CurrentDirection]] and [[FiredDirection]], empty
	// for null.
	current, fired string
	// streams are the ids of the remote streams.
	streams []string
	// offered is the direction in our latest description.
	offered     string
	codecs      negotiated
	extensions  []protocol.HeaderExtension
	reducedSize bool
	// feedback says that transport-wide feedback was negotiated.
	feedback    bool
	packetTime  time.Duration
	bandwidth   int
	remoteSSRCs []uint32
}

// unassociated is the association of a new transceiver.
var unassociated = association{line: -1}

func (p *PeerConnection) newTransceiver(id, kind string) *transceiver {
	t := &transceiver{id: id, kind: kind, association: unassociated, direction: "sendrecv"}
	t.sender = newSender(p, t)
	t.receiver = newReceiver(p, t)
	return t
}

// mintID names what the far end causes.
func (p *PeerConnection) mintID() string {
	p.minted++
	return endpointPrefix + strconv.Itoa(p.minted)
}

// propose gives the transceiver's section a name for an offer.
func (t *transceiver) propose(p *PeerConnection) string {
	if t.proposedMID == "" {
		t.proposedMID = p.mintMID()
	}
	return t.proposedMID
}

func (t *transceiver) restore(a association) { t.association = a }

// sending and receiving say what is negotiated and not stopped.
func (t *transceiver) sending() bool   { return sends(t.current) && !t.stopping && t.codecs.send != nil }
func (t *transceiver) receiving() bool { return receives(t.current) && !t.stopping }

// processRemote takes over what a remote section says about the track that it
// sends (WebRTC 1.0, section 4.4.1.5, the steps for remote descriptions).
// direction is seen from our side.
func (t *transceiver) processRemote(direction string, section *sdp.Section, session *sdp.Session) {
	if t.kind != "audio" {
		direction = "inactive"
	}
	t.fired = direction
	if !receives(direction) {
		t.streams = nil
		return
	}
	if t.byRemote && t.receiver.track == "" {
		t.receiver.track = section.Track
	}
	if t.receiver.track == "" {
		t.receiver.track = uuid.NewString()
	}
	t.streams = slices.Clone(section.Streams)
	if !signalsStreams(session) {
		// A gateway without msid: browsers make one stream for all.
		t.streams = []string{"default"}
	}
}

func signalsStreams(session *sdp.Session) bool {
	return slices.ContainsFunc(session.Sections, func(s *sdp.Section) bool { return s.HasMSID })
}

// stop begins to stop the transceiver (WebRTC 1.0, section 5.4, "stop sending
// and receiving").
func (t *transceiver) stop() {
	t.stopping = true
	t.direction = "stopped"
}

// find returns a transceiver by id.
func (p *PeerConnection) find(id string) (*transceiver, *protocol.Error) {
	for _, t := range p.transceivers {
		if t.id == id {
			return t, nil
		}
	}
	return nil, fail(protocol.InvalidStateError, "the transceiver is stopped or unknown")
}

// findLive returns a transceiver that is not stopping.
func (p *PeerConnection) findLive(id string) (*transceiver, *protocol.Error) {
	t, err := p.find(id)
	if err == nil && t.stopping {
		return nil, fail(protocol.InvalidStateError, "the transceiver is stopped")
	}
	return t, err
}

// addTransceiver implements RTCPeerConnection.addTransceiver and the part of
// addTrack that makes a transceiver.
func (p *PeerConnection) addTransceiver(params *protocol.PCAddTransceiverParams) *protocol.Error {
	if err := checkID(params.Transceiver); err != nil {
		return err
	}
	if _, err := p.find(params.Transceiver); err == nil {
		return fail(protocol.InvalidAccessError, "the transceiver exists")
	}
	if params.Kind != "audio" {
		return fail(protocol.NotSupportedError, "only audio is redirected")
	}
	if err := checkDirection(params.Direction); err != nil {
		return err
	}
	if err := checkTrack(params.Track); err != nil {
		return err
	}
	if err := checkStreams(params.Streams); err != nil {
		return err
	}
	encodings, err := checkEncodings(params.Encodings)
	if err != nil {
		return err
	}
	if len(p.transceivers) >= protocol.MaxTransceivers {
		return fail(protocol.OperationError, "too many transceivers")
	}
	t := p.newTransceiver(params.Transceiver, params.Kind)
	t.direction, t.fromAddTrack = params.Direction, params.FromAddTrack
	t.receiver.track = uuid.NewString()
	t.sender.track, t.sender.streams = params.Track, params.Streams
	if len(encodings) > 0 {
		t.sender.encodings = encodings
	}
	p.transceivers = append(p.transceivers, t)
	p.updateNegotiationNeeded()
	return nil
}

// addTrack implements the part of RTCPeerConnection.addTrack that reuses a
// transceiver.
func (p *PeerConnection) addTrack(params *protocol.PCAddTrackParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if params.Track == "" {
		return fail(protocol.TypeError, "no track")
	}
	if err := checkTrack(params.Track); err != nil {
		return err
	}
	if err := checkStreams(params.Streams); err != nil {
		return err
	}
	if err := t.sender.replace(params.Track); err != nil {
		return err
	}
	t.sender.streams = params.Streams
	t.direction = directionOf(true, receives(t.direction))
	t.taken = true
	p.updateNegotiationNeeded()
	return nil
}

// removeTrack implements RTCPeerConnection.removeTrack.
func (p *PeerConnection) removeTrack(params *protocol.TransceiverParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if err := t.sender.replace(""); err != nil {
		return err
	}
	t.direction = directionOf(false, receives(t.direction))
	p.updateNegotiationNeeded()
	return nil
}

// setDirection implements the setter of RTCRtpTransceiver.direction.
func (p *PeerConnection) setDirection(params *protocol.TransceiverSetDirectionParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if err := checkDirection(params.Direction); err != nil {
		return err
	}
	if t.kind == "audio" {
		t.direction = params.Direction
	}
	p.updateNegotiationNeeded()
	return nil
}

// stopTransceiver implements RTCRtpTransceiver.stop.
func (p *PeerConnection) stopTransceiver(params *protocol.TransceiverParams) *protocol.Error {
	t, err := p.find(params.Transceiver)
	if err != nil {
		return nil // stop() on a stopped transceiver does nothing.
	}
	t.stop()
	p.applyStreams()
	p.updateNegotiationNeeded()
	return nil
}

// setCodecPreferences implements RTCRtpTransceiver.setCodecPreferences.
func (p *PeerConnection) setCodecPreferences(params *protocol.TransceiverSetCodecPreferencesParams) *protocol.Error {
	t, err := p.find(params.Transceiver)
	if err != nil {
		return err
	}
	preferred, err := preferences(params.Codecs)
	if err == nil {
		t.preferred = preferred
	}
	return err
}

// removeTransceiver takes a stopped or rolled back transceiver from the list.
// Its streams end once the lock is released.
func (p *PeerConnection) removeTransceiver(t *transceiver) {
	p.transceivers = slices.DeleteFunc(p.transceivers, func(x *transceiver) bool { return x == t })
	p.snapshots.removed = append(p.snapshots.removed, t.id)
	for i := range p.signaling.lines {
		if p.signaling.lines[i].transceiver == t {
			p.signaling.lines[i].transceiver = nil
		}
	}
	p.router.forget(t.receiver)
	p.after = append(p.after, t.close)
}

// close ends the media streams and waits for them; the lock is not held.
func (t *transceiver) close() {
	t.sender.close()
	t.receiver.close()
}
