package peer

import (
	"errors"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"nearend/internal/rtpstream"
)

// mediaDouble stands for the media engine: it remembers what it was asked for
// and lets tests write and see packets.
type mediaDouble struct {
	mu        sync.Mutex
	senders   []*senderDouble
	receivers map[string]*receiverDouble
	created   chan *senderDouble
}

func newMediaDouble() *mediaDouble {
	return &mediaDouble{receivers: map[string]*receiverDouble{}, created: make(chan *senderDouble, 64)}
}

func (m *mediaDouble) NewSender(config rtpstream.SenderConfig) (rtpstream.Sender, error) {
	if config.Codec.MimeType == "" {
		return nil, errors.New("no codec")
	}
	s := &senderDouble{config: config, codec: config.Codec, events: config.DTMF, packetTime: config.PTime, track: config.Track}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.senders = append(m.senders, s)
	m.created <- s
	return s, nil
}

func (m *mediaDouble) NewReceiver(config rtpstream.ReceiverConfig) (rtpstream.Receiver, error) {
	r := &receiverDouble{config: config, codecs: config.Codecs, packets: make(chan *rtp.Packet, 4096)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.receivers[config.Track] = r
	return r, nil
}

func (m *mediaDouble) sender(i int) *senderDouble {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i >= len(m.senders) {
		return nil
	}
	return m.senders[i]
}

func (m *mediaDouble) receiver(track string) *receiverDouble {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.receivers[track]
}

// open counts streams that were not closed.
func (m *mediaDouble) open() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, s := range m.senders {
		if !s.isClosed() {
			n++
		}
	}
	for _, r := range m.receivers {
		if !r.isClosed() {
			n++
		}
	}
	return n
}

type senderDouble struct {
	mu         sync.Mutex
	config     rtpstream.SenderConfig
	codec      rtpstream.Codec
	events     *rtpstream.Codec
	packetTime time.Duration
	track      string
	active     bool
	maxBitrate int
	feedback   []rtcp.Packet
	closed     bool
	sequence   uint16
	timestamp  uint32
	packets    uint64
}

// write sends one packet of the current codec.
func (s *senderDouble) write(payload []byte) error {
	s.mu.Lock()
	s.sequence++
	s.timestamp += s.codec.ClockRate / 50
	s.packets++
	header := &rtp.Header{
		Version: 2, PayloadType: s.codec.PayloadType, SequenceNumber: s.sequence, Timestamp: s.timestamp,
	}
	s.mu.Unlock()
	return s.config.Write(header, payload)
}

func (s *senderDouble) SetTrack(track string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.track = track
	return nil
}

func (s *senderDouble) SetCodec(codec rtpstream.Codec, events *rtpstream.Codec, packetTime time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codec, s.events, s.packetTime = codec, events, packetTime
	return nil
}

func (s *senderDouble) SetActive(active bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = active
}

func (s *senderDouble) SetMaxBitrate(most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.maxBitrate = most
}

func (s *senderDouble) InsertDTMF(tones string, _, _ time.Duration) {
	for i := range tones {
		s.config.Tone(tones[i:i+1], tones[i+1:])
	}
	s.config.Tone("", "")
}

func (s *senderDouble) Feedback(packet rtcp.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feedback = append(s.feedback, packet)
}

func (s *senderDouble) Stats() rtpstream.SenderStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return rtpstream.SenderStats{PacketsSent: s.packets, BytesSent: s.packets * 3, HeaderBytesSent: s.packets * 12, Active: s.active}
}

func (s *senderDouble) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

func (s *senderDouble) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// view is a copy of what can be looked at.
type senderView struct {
	codec      rtpstream.Codec
	events     *rtpstream.Codec
	packetTime time.Duration
	track      string
	active     bool
	maxBitrate int
	feedback   int
}

func (s *senderDouble) view() senderView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return senderView{s.codec, s.events, s.packetTime, s.track, s.active, s.maxBitrate, len(s.feedback)}
}

type receiverDouble struct {
	mu      sync.Mutex
	config  rtpstream.ReceiverConfig
	codecs  []rtpstream.Codec
	target  *time.Duration
	closed  bool
	last    uint32
	pushed  uint64
	packets chan *rtp.Packet
}

func (r *receiverDouble) Push(packet *rtp.Packet, _ time.Time) {
	r.mu.Lock()
	r.pushed++
	r.last = packet.SSRC
	r.mu.Unlock()
	select {
	case r.packets <- packet.Clone():
	default:
	}
}

func (r *receiverDouble) SetCodecs(codecs []rtpstream.Codec) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.codecs = codecs
}

func (r *receiverDouble) SetTarget(target *time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

func (r *receiverDouble) Stats() rtpstream.ReceiverStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return rtpstream.ReceiverStats{PacketsReceived: r.pushed, SSRC: r.last, LastPacketReceived: time.Now()}
}

func (r *receiverDouble) Sources() []rtpstream.Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == 0 {
		return nil
	}
	return []rtpstream.Source{{ID: r.last, Played: time.Now()}}
}

func (r *receiverDouble) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

func (r *receiverDouble) isClosed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}
