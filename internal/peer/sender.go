package peer

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/pion/rtp"

	"nearend/internal/protocol"
	"nearend/internal/rtpstream"
)

// sender is one RTCRtpSender. Its fields are guarded by PeerConnection.mu,
// except what the engine's writes use: path, report and the transport.
type sender struct {
	p *PeerConnection
	t *transceiver
	// track is the local track, empty for none; unnamed is signalled then.
	track, unnamed string
	streams        []string
	ssrc           uint32
	encodings      []protocol.Encoding
	// stream is nil until something is negotiated.
	stream     rtpstream.Sender
	codec      rtpstream.Codec
	events     rtpstream.Codec
	packetTime time.Duration

	path   atomic.Pointer[sendPath]
	report senderReport
	remote remoteInbound
}

// sendPath is what the RTP header of a packet needs; nil while nothing may be
// sent.
type sendPath struct {
	mid                                        []byte
	level, midExtension, sendTime, transportCC uint8
}

var errNotSending = errors.New("the sender is not negotiated to send")

func newSender(p *PeerConnection, t *transceiver) *sender {
	return &sender{
		p: p, t: t, unnamed: uuid.NewString(), ssrc: p.router.newSSRC(),
		encodings: []protocol.Encoding{{Active: true}},
	}
}

// signalledTrack is the track id for the SDP.
func (s *sender) signalledTrack() string {
	if s.track != "" {
		return s.track
	}
	return s.unnamed
}

// apply makes the stream do what is negotiated.
func (s *sender) apply() {
	t := s.t
	if !t.sending() {
		s.path.Store(nil)
		if s.stream != nil {
			s.stream.SetActive(false)
		}
		return
	}
	s.path.Store(&sendPath{
		mid:          []byte(t.mid),
		level:        extensionNumber(t.extensions, extensionAudioLevel),
		midExtension: extensionNumber(t.extensions, extensionMID),
		sendTime:     extensionNumber(t.extensions, extensionSendTime),
		transportCC:  extensionNumber(t.extensions, extensionTransportCC),
	})
	codec := streamCodec(*t.codecs.send)
	var events *rtpstream.Codec
	if t.codecs.events != nil {
		e := streamCodec(*t.codecs.events)
		events = &e
	}
	if err := s.code(codec, events, s.wantedPacketTime()); err != nil {
		s.p.log.Error().Err(err).Str("codec", codec.MimeType).Msg("cannot send with the negotiated codec")
		s.path.Store(nil)
		return
	}
	s.limit()
	s.stream.SetActive(s.encodings[0].Active)
}

// code starts the stream or changes its codec when that is another.
func (s *sender) code(codec rtpstream.Codec, events *rtpstream.Codec, packetTime time.Duration) error {
	var event rtpstream.Codec
	if events != nil {
		event = *events
	}
	if s.stream != nil {
		if s.codec == codec && s.events == event && s.packetTime == packetTime {
			return nil
		}
		if err := s.stream.SetCodec(codec, events, packetTime); err != nil {
			return err
		}
	} else {
		config := rtpstream.SenderConfig{
			Track: s.track, Codec: codec, DTMF: events, PTime: packetTime,
			AudioLevelExtension: levelExtension, Write: s.write, Tone: s.tone,
		}
		stream, err := s.p.media.NewSender(config)
		if err != nil && config.Track != "" {
			// The track may be gone since it was added; an ended track sends
			// nothing, and another may replace it.
			s.p.log.Debug().Err(err).Msg("sending without the track")
			config.Track = ""
			stream, err = s.p.media.NewSender(config)
		}
		if err != nil {
			return err
		}
		s.stream = stream
	}
	s.codec, s.events, s.packetTime = codec, event, packetTime
	s.report.setClock(codec.ClockRate)
	s.remote.setClock(codec.ClockRate)
	return nil
}

func (s *sender) wantedPacketTime() time.Duration {
	packetTime := s.t.packetTime
	if limit := s.encodings[0].MaxPacketTime; limit != nil {
		most := time.Duration(*limit * float64(time.Millisecond))
		if packetTime == 0 && most < 20*time.Millisecond || packetTime > most {
			packetTime = most
		}
	}
	return packetTime
}

// limit sets the lower of the page's and the far end's bounds.
func (s *sender) limit() {
	most := s.t.bandwidth
	if b := s.encodings[0].MaxBitrate; b != nil && (most == 0 || *b < most) {
		most = *b
	}
	s.stream.SetMaxBitrate(most)
}

// write sends one packet of the engine's. It takes no lock of the model.
func (s *sender) write(header *rtp.Header, payload []byte) error {
	path := s.path.Load()
	if path == nil {
		return errNotSending
	}
	now := time.Now()
	out := *header
	out.SSRC = s.ssrc
	out.Extensions = slices.Clone(header.Extensions)
	if err := s.p.extend(&out, path, now); err != nil {
		return err
	}
	if err := s.p.transport.WriteRTP(&out, payload); err != nil {
		return err
	}
	s.report.sent(&out, len(payload), now)
	return nil
}

// tone passes a DTMF tone on. The engine may call it while we hold the lock, so
// it goes through the queue.
func (s *sender) tone(tone, remaining string) {
	s.p.later(func() {
		if !s.p.closed {
			s.p.out.Notify(protocol.DTMFToneChange, protocol.DTMFToneChangeEvent{
				PC: s.p.id, Transceiver: s.t.id, Tone: tone, Remaining: remaining,
			})
		}
	})
}

// replace changes the track without negotiation.
func (s *sender) replace(track string) *protocol.Error {
	if s.stream != nil {
		if err := s.stream.SetTrack(track); err != nil {
			return fail(protocol.InvalidModificationError, err.Error())
		}
	}
	s.track = track
	return nil
}

func (s *sender) close() {
	s.path.Store(nil)
	if s.stream != nil {
		_ = s.stream.Close()
	}
}

// replaceTrack implements RTCRtpSender.replaceTrack.
func (p *PeerConnection) replaceTrack(params *protocol.SenderReplaceTrackParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if err := checkTrack(params.Track); err != nil {
		return err
	}
	return t.sender.replace(params.Track)
}

// setStreams implements RTCRtpSender.setStreams.
func (p *PeerConnection) setStreams(params *protocol.SenderSetStreamsParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if err := checkStreams(params.Streams); err != nil {
		return err
	}
	t.sender.streams = params.Streams
	p.updateNegotiationNeeded()
	return nil
}

// setParameters implements RTCRtpSender.setParameters.
func (p *PeerConnection) setParameters(params *protocol.SenderSetParametersParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if len(params.Encodings) != len(t.sender.encodings) {
		return fail(protocol.InvalidModificationError, "the number of encodings cannot change")
	}
	encodings, err := checkEncodings(params.Encodings)
	if err != nil {
		return err
	}
	t.sender.encodings = encodings
	t.sender.apply()
	return nil
}

// checkEncodings checks the members that apply to audio (WebRTC 1.0, section
// 5.2).
func checkEncodings(encodings []protocol.Encoding) ([]protocol.Encoding, *protocol.Error) {
	if len(encodings) > 1 {
		return nil, fail(protocol.OperationError, "audio has one encoding at most")
	}
	for _, e := range encodings {
		if e.MaxBitrate != nil && *e.MaxBitrate <= 0 {
			return nil, fail(protocol.RangeError, "maxBitrate must be positive")
		}
		if e.MaxPacketTime != nil && !(*e.MaxPacketTime >= 10 && *e.MaxPacketTime <= 120) {
			return nil, fail(protocol.RangeError, "maxPacketTime must be within 10 and 120")
		}
		for _, priority := range []string{e.Priority, e.NetworkPriority} {
			switch priority {
			case "", "very-low", "low", "medium", "high":
			default:
				return nil, fail(protocol.TypeError, "bad priority")
			}
		}
	}
	return slices.Clone(encodings), nil
}

const maxTones = 1024

// insertDTMF implements RTCDTMFSender.insertDTMF (WebRTC 1.0, section 7.2).
func (p *PeerConnection) insertDTMF(params *protocol.SenderInsertDTMFParams) *protocol.Error {
	t, err := p.findLive(params.Transceiver)
	if err != nil {
		return err
	}
	if !t.canInsertDTMF() {
		return fail(protocol.InvalidStateError, "no telephone-event is negotiated for sending")
	}
	tones := strings.ToUpper(params.Tones)
	if len(tones) > maxTones || strings.Trim(tones, "0123456789ABCD#*,") != "" {
		return fail(protocol.SyntaxError, "tones may hold 0-9, A-D, #, * and the comma")
	}
	duration := time.Duration(min(max(params.Duration, 40), 6000)) * time.Millisecond
	gap := time.Duration(min(max(params.Gap, 30), 6000)) * time.Millisecond
	t.sender.stream.InsertDTMF(tones, duration, gap)
	return nil
}

func (t *transceiver) canInsertDTMF() bool {
	return t.sending() && t.codecs.events != nil && t.sender.stream != nil && t.sender.encodings[0].Active
}
