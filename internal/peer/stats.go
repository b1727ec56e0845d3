package peer

import (
	"strconv"
	"time"

	"nearend/internal/protocol"
)

// report is an RTCStatsReport being made. Ids are stable for as long as what
// they name lives, and look like Chromium's, since tools parse them.
type report struct {
	protocol.PCGetStatsResult
	p   *PeerConnection
	at  float64
	now time.Time
	// selected says which halves of which transceivers belong to it.
	senders, receivers func(*transceiver) bool
	// codecs are those already listed.
	codecs map[string]bool
}

const transportID = "T01"

// getStats implements RTCPeerConnection.getStats and the methods of sender and
// receiver (WebRTC 1.0, section 8.2 and 8.5).
func (p *PeerConnection) getStats(params *protocol.PCGetStatsParams) (any, *protocol.Error) {
	now := time.Now()
	r := &report{p: p, now: now, at: milliseconds(now), codecs: map[string]bool{}}
	whole, err := r.selects(params)
	if err != nil {
		return nil, err
	}
	for _, t := range p.transceivers {
		if t.kind != "audio" {
			continue
		}
		if r.senders(t) {
			r.outbound(t)
		}
		if r.receivers(t) {
			r.inbound(t)
		}
	}
	r.transport(whole)
	if whole {
		r.PeerConnections = []protocol.PeerConnectionStats{{
			StatsHead: r.head("P"), DataChannelsOpened: p.data.opened, DataChannelsClosed: p.data.closed,
		}}
		r.dataChannels()
	}
	r.Snapshot = p.snapshot()
	return r.PCGetStatsResult, nil
}

func (r *report) head(id string) protocol.StatsHead {
	return protocol.StatsHead{ID: id, Timestamp: r.at}
}

// selects sets what is asked for; whole says that there was no selector.
func (r *report) selects(params *protocol.PCGetStatsParams) (whole bool, err *protocol.Error) {
	none := func(*transceiver) bool { return false }
	only := func(id string) (func(*transceiver) bool, *protocol.Error) {
		t, err := r.p.find(id)
		return func(x *transceiver) bool { return x == t }, err
	}
	r.senders, r.receivers = none, none
	switch {
	case params.SenderOf != "":
		r.senders, err = only(params.SenderOf)
	case params.ReceiverOf != "":
		r.receivers, err = only(params.ReceiverOf)
	case params.Track != "":
		matches := 0
		for _, t := range r.p.transceivers {
			if t.sender.track == params.Track {
				matches++
			}
			if protocol.ReceiverTrackID(r.p.id, t.id) == params.Track {
				matches++
			}
		}
		if matches != 1 {
			return false, fail(protocol.InvalidAccessError, "the track is not of exactly one sender or receiver")
		}
		r.senders = func(t *transceiver) bool { return t.sender.track == params.Track }
		r.receivers = func(t *transceiver) bool { return protocol.ReceiverTrackID(r.p.id, t.id) == params.Track }
	default:
		all := func(*transceiver) bool { return true }
		r.senders, r.receivers, whole = all, all, true
	}
	return whole, err
}

func (r *report) dataChannels() {
	for _, c := range r.p.data.channels {
		c.outgoing.mu.Lock()
		messages, bytes := c.outgoing.count, c.outgoing.written
		c.outgoing.mu.Unlock()
		r.DataChannels = append(r.DataChannels, protocol.DataChannelStats{
			StatsHead: r.head("D" + c.id), Label: c.options.Label, Protocol: c.options.Protocol,
			DataChannelIdentifier: c.options.ID, State: c.state,
			MessagesSent: messages, BytesSent: bytes, MessagesReceived: c.messages, BytesReceived: c.bytes,
		})
	}
}

// ssrcID is an id such as "OT01A1234".
func ssrcID(prefix string, ssrc uint32) string {
	return prefix + transportID + "A" + strconv.FormatUint(uint64(ssrc), 10)
}
