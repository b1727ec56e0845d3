package peer

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/protocol"
	"nearend/internal/rtpstream"
)

// receiver is one RTCRtpReceiver. Its fields are guarded by PeerConnection.mu,
// except what arriving packets touch.
type receiver struct {
	p *PeerConnection
	t *transceiver
	// track is the id that the page sees, fixed once it has one.
	track  string
	stream rtpstream.Receiver

	// open says that packets are wanted, muted is MediaStreamTrack.muted.
	open, muted atomic.Bool
	// level is the negotiated number of the audio level extension.
	level atomic.Uint32
	// heard is when the last packet came, in nanoseconds since 1970.
	heard atomic.Int64

	mu         sync.Mutex
	receptions map[uint32]*reception
	// sourcesSent is when the newest source last sent to the page was played.
	sourcesSent time.Time
}

// silence without any packet mutes the track: five RTCP intervals (RFC 3550,
// section 6.3.5).
const silence = 25 * time.Second

// newReceiver starts the engine's side at once: a receiver's track exists, and
// can be played, before anything is negotiated.
func newReceiver(p *PeerConnection, t *transceiver) *receiver {
	r := &receiver{p: p, t: t, receptions: map[uint32]*reception{}}
	r.muted.Store(true)
	if t.kind != "audio" {
		return r
	}
	stream, err := p.media.NewReceiver(rtpstream.ReceiverConfig{
		Track:               protocol.ReceiverTrackID(p.id, t.id),
		Codecs:              streamCodecs(supported),
		AudioLevelExtension: levelExtension,
	})
	if err != nil {
		p.log.Error().Err(err).Msg("cannot receive")
		return r
	}
	r.stream = stream
	return r
}

// apply makes the receiver do what is negotiated.
func (r *receiver) apply() {
	receiving := r.t.receiving() && r.stream != nil
	if receiving && len(r.t.codecs.receiveList) > 0 {
		r.stream.SetCodecs(streamCodecs(r.t.codecs.receiveList))
	}
	r.level.Store(uint32(extensionNumber(r.t.extensions, extensionAudioLevel)))
	r.open.Store(receiving)
	if !receiving {
		r.muted.Store(true)
	}
}

// push takes a packet that the router found to be for this receiver.
func (r *receiver) push(packet *rtp.Packet, arrival time.Time) {
	if !r.open.Load() {
		return
	}
	r.heard.Store(arrival.UnixNano())
	r.mu.Lock()
	rec := r.receptions[packet.SSRC]
	if rec == nil && len(r.receptions) < maxSources {
		rec = &reception{ssrc: packet.SSRC}
		r.receptions[packet.SSRC] = rec
	}
	if rec != nil {
		rec.packet(packet, r.p.router.clock(packet.PayloadType), arrival)
	}
	r.mu.Unlock()
	if level := uint8(r.level.Load()); level == 0 {
		moveExtension(&packet.Header, levelExtension, 0)
	} else if level != levelExtension {
		moveExtension(&packet.Header, level, levelExtension)
	}
	r.stream.Push(packet, arrival)
	if r.muted.CompareAndSwap(true, false) {
		r.p.later(func() {})
	}
}

// watch mutes a track that has gone silent and reports its sources.
func (r *receiver) watch(now time.Time) (protocol.ReceiverSourcesEvent, bool) {
	event := protocol.ReceiverSourcesEvent{PC: r.p.id, Transceiver: r.t.id}
	if !r.open.Load() {
		return event, false
	}
	if now.Sub(time.Unix(0, r.heard.Load())) > silence {
		r.muted.Store(true)
	}
	newest := r.sourcesSent
	for _, s := range r.stream.Sources() {
		if s.Played.After(newest) {
			newest = s.Played
		}
		event.Sources = append(event.Sources, protocol.RTPSource{
			Source: s.ID, Contributing: s.Contributing, Timestamp: milliseconds(s.Played),
			RTPTimestamp: s.RTPTimestamp, AudioLevel: s.Level,
		})
		if len(event.Sources) == protocol.MaxListItems {
			break
		}
	}
	fresh := newest.After(r.sourcesSent)
	r.sourcesSent = newest
	return event, fresh
}

// goodbye mutes the track when its last source has left (RTCP BYE).
func (r *receiver) goodbye(ssrc uint32) {
	r.mu.Lock()
	delete(r.receptions, ssrc)
	left := len(r.receptions)
	r.mu.Unlock()
	if left == 0 && r.muted.CompareAndSwap(false, true) {
		r.p.later(func() {})
	}
}

func (r *receiver) close() {
	r.open.Store(false)
	if r.stream != nil {
		_ = r.stream.Close()
	}
}

// setJitterBufferTarget implements the setter of
// RTCRtpReceiver.jitterBufferTarget (milliseconds, 0 to 4000).
func (p *PeerConnection) setJitterBufferTarget(params *protocol.ReceiverSetJitterBufferTargetParams) *protocol.Error {
	t, err := p.find(params.Transceiver)
	if err != nil {
		return err
	}
	if params.Target == nil {
		if t.receiver.stream != nil {
			t.receiver.stream.SetTarget(nil)
		}
		return nil
	}
	if !(*params.Target >= 0 && *params.Target <= 4000) {
		return fail(protocol.RangeError, "jitterBufferTarget must be within 0 and 4000")
	}
	target := time.Duration(*params.Target * float64(time.Millisecond))
	if t.receiver.stream != nil {
		t.receiver.stream.SetTarget(&target)
	}
	return nil
}

// milliseconds is a time as DOMHighResTimeStamp since 1970.
func milliseconds(at time.Time) float64 { return float64(at.UnixMicro()) / 1000 }
