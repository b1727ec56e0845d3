package media

import (
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/codec"
	"nearend/internal/pcm"
	"nearend/internal/rtpstream"
)

// packetizer turns frames into RTP packets. It belongs to one goroutine and
// knows no clock: each frame moves the timestamp on by 10 ms, whether it is
// sent or not.
type packetizer struct {
	config    rtpstream.SenderConfig
	encoder   codec.Encoder
	resampler *pcm.Resampler
	pcm       []int16 // at the encoder's rate, one packet
	filled    int
	power     float64 // of the frames in pcm, summed
	packed    int     // frames in pcm
	payload   [codec.MaxPayload]byte
	dtmf      dtmf

	sequence  uint16
	timestamp uint32 // of the next frame
	packetAt  uint32 // of the packet being filled
	eventAt   uint32 // of the event being sent
	talking   bool   // the last packet time was sent
	level     []byte
	header    rtp.Header
	pending   rtp.Header

	active  bool // false sends nothing at all
	count   counters
	reports []report // tones to report, for the owner to take
}

// counters are what has been sent.
type counters struct {
	packets, bytes, headerBytes uint64
}

// report is a call of SenderConfig.Tone.
type report struct{ tone, remaining string }

func newPacketizer(c rtpstream.SenderConfig) (*packetizer, error) {
	p := &packetizer{active: true, sequence: uint16(rand.Uint32()), timestamp: rand.Uint32()}
	p.config = c
	if c.AudioLevelExtension != 0 {
		p.level = []byte{127}
		if err := p.header.SetExtension(c.AudioLevelExtension, p.level); err != nil {
			return nil, err
		}
		// What others append goes elsewhere.
		p.header.Extensions = p.header.Extensions[:1:1]
	}
	p.header.Version = 2
	if err := p.setCodec(c.Codec, c.DTMF, c.PTime); err != nil {
		return nil, err
	}
	return p, nil
}

// setCodec changes what follows. The timestamp goes on in the new clock. What
// stays the same is left alone, so that a renegotiation is not heard.
func (p *packetizer) setCodec(c rtpstream.Codec, events *rtpstream.Codec, ptime time.Duration) error {
	if p.encoder != nil && c == p.config.Codec && ptime == p.config.PTime {
		p.config.DTMF = events
		return nil
	}
	encoder, err := codec.NewEncoder(c.MimeType, encoderOptions(c))
	if err != nil {
		return err
	}
	resampler, err := pcm.NewResampler(pcm.Rate, encoder.Rate())
	if err != nil {
		encoder.Close()
		return err
	}
	p.close()
	p.encoder, p.resampler = encoder, resampler
	p.config.Codec, p.config.DTMF, p.config.PTime = c, events, ptime
	length := encoder.PacketTime(packetTime(c, ptime))
	p.pcm = make([]int16, int(length/pcm.FrameDuration)*encoder.Rate()/100)
	p.filled, p.packed, p.power = 0, 0, 0
	p.talking = false
	return nil
}

func (p *packetizer) close() {
	if p.encoder != nil {
		p.encoder.Close()
		p.encoder = nil
	}
}

// clock is the rate of timestamps.
func (p *packetizer) clock() int { return int(p.config.Codec.ClockRate) }

// step takes one frame; nil means that there is no track.
func (p *packetizer) step(frame []int16) {
	if tone, ok := p.dtmf.next(); ok {
		p.reports = append(p.reports, report{tone, p.dtmf.waiting})
	}
	if p.active && p.dtmf.sounding() && p.config.DTMF != nil {
		p.forget()
		p.dtmf.step(p.clock(), p.sendEvent)
	} else {
		p.dtmf.step(p.clock(), func(event) {})
		if frame == nil || !p.active {
			p.forget()
		} else {
			p.speak(frame)
		}
	}
	p.timestamp += uint32(p.clock() / 100)
}

// forget drops a packet that is not full: its time goes to something else.
func (p *packetizer) forget() {
	p.filled, p.packed, p.power = 0, 0, 0
	p.talking = false
}

// speak adds a frame to the packet, and sends the packet when it is full.
func (p *packetizer) speak(frame []int16) {
	if p.packed == 0 {
		p.packetAt = p.timestamp
	}
	p.filled += p.resampler.Process(p.pcm[p.filled:], frame)
	p.power += pcm.Power(frame)
	p.packed++
	if p.filled < len(p.pcm) {
		return
	}
	power := p.power / float64(p.packed)
	p.filled, p.packed, p.power = 0, 0, 0
	n, err := p.encoder.Encode(p.payload[:], p.pcm)
	if err != nil || n == 0 { // nothing to send: DTX
		p.talking = false
		return
	}
	if p.level != nil {
		p.level[0] = pcm.Decibels(power)
		if p.level[0] < 127 {
			p.level[0] |= 0x80 // V: no better detector of voice than that there is sound
		}
	}
	p.send(p.config.Codec.PayloadType, p.packetAt, !p.talking, p.payload[:n])
	p.talking = true
}

// sendEvent sends a telephone-event packet.
func (p *packetizer) sendEvent(e event) {
	if e.start || e.segment {
		p.eventAt = p.timestamp
	}
	if p.level != nil {
		p.level[0] = volume
	}
	p.send(p.config.DTMF.PayloadType, p.eventAt, e.start, e.payload)
}

func (p *packetizer) send(payloadType uint8, timestamp uint32, marker bool, payload []byte) {
	p.pending = p.header
	h := &p.pending
	h.PayloadType, h.SequenceNumber, h.Timestamp, h.Marker = payloadType, p.sequence, timestamp, marker
	p.sequence++
	p.count.packets++
	p.count.bytes += uint64(len(payload))
	p.count.headerBytes += uint64(h.MarshalSize())
	// A failed Write is a packet lost on its way, like any other.
	_ = p.config.Write(h, payload)
}
