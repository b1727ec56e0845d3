package demo

import (
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"nearend/internal/codec"
	"nearend/internal/measure"
)

// Heard is what arrived at the far end in one call.
type Heard struct {
	// Sound lies on the sender's RTP clock: a gap in the timestamps is
	// silence. Empty unless FarEndOptions.Record was set.
	Sound measure.Recording
	// Began is when the first packet arrived, the time of Sound's beginning.
	Began time.Time
	// Last is when the last packet of sound arrived.
	Last time.Time
	// Digits are the telephone events (RFC 4733) in order.
	Digits string
	// Packets and Bytes count sound, without telephone events; bytes are of
	// the payload.
	Packets, Bytes uint64
}

// Since returns the sound that arrived after t.
func (h Heard) Since(t time.Time) measure.Recording {
	return h.Sound.Slice(t.Sub(h.Began), h.Sound.Duration())
}

// ear takes the packets of a call.
type ear struct {
	codec codecChoice
	limit time.Duration
	echo  func(*rtp.Packet, time.Time)
	wg    sync.WaitGroup

	mu        sync.Mutex
	state     Heard
	samples   []int16
	first     uint32
	started   bool
	decoder   codec.Decoder
	lastEvent uint32
	events    int
}

func newEar(choice codecChoice, limit time.Duration, echo func(*rtp.Packet, time.Time)) *ear {
	return &ear{codec: choice, limit: limit, echo: echo}
}

func (e *ear) heard() Heard {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.state
	if e.decoder != nil {
		h.Sound = measure.FromInt16(e.decoder.Rate(), 1, e.samples)
	}
	return h
}

// close waits until nobody listens; the tracks must have ended.
func (e *ear) close() {
	e.wg.Wait()
	if e.decoder != nil {
		e.decoder.Close()
	}
}

func (e *ear) listen(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	e.wg.Add(1)
	defer e.wg.Done()
	events := map[uint8]bool{}
	for _, codec := range receiver.GetParameters().Codecs {
		if strings.EqualFold(codec.MimeType, mimeTelephoneEvent) {
			events[uint8(codec.PayloadType)] = true
		}
	}
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		now := time.Now()
		if events[packet.PayloadType] {
			e.event(packet)
			continue
		}
		e.hear(packet, now)
		e.echo(packet, now)
	}
}

// event takes one telephone-event packet; all packets of an event have the
// same timestamp (RFC 4733, section 2.5.1.2).
func (e *ear) event(packet *rtp.Packet) {
	const keys = "0123456789*#ABCD"
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(packet.Payload) < 4 || int(packet.Payload[0]) >= len(keys) {
		return
	}
	if e.events > 0 && packet.Timestamp == e.lastEvent {
		return
	}
	e.events++
	e.lastEvent = packet.Timestamp
	if len(e.state.Digits) < 1024 {
		e.state.Digits += keys[packet.Payload[0] : packet.Payload[0]+1]
	}
}

func (e *ear) hear(packet *rtp.Packet, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.started {
		e.started, e.first, e.state.Began = true, packet.Timestamp, now
		e.openDecoder()
	}
	e.state.Packets++
	e.state.Bytes += uint64(len(packet.Payload))
	e.state.Last = now
	if e.decoder == nil {
		return
	}
	length, err := e.decoder.Samples(packet.Payload)
	if err != nil {
		return
	}
	// The difference of timestamps is modulo 2^32; packets from before the
	// first and beyond the limit are dropped.
	rate := int64(e.decoder.Rate())
	at := int64(int32(packet.Timestamp-e.first)) * rate / int64(e.codec.clockRate)
	end := at + int64(length)
	if at < 0 || end > int64(e.limit.Seconds()*float64(rate)) {
		return
	}
	if grow := int(end) - len(e.samples); grow > 0 {
		e.samples = append(e.samples, make([]int16, grow)...)
	}
	// A payload that cannot be decoded leaves silence.
	_, _ = e.decoder.Decode(e.samples[at:end], packet.Payload)
}

// openDecoder leaves the decoder nil when nothing is to be recorded.
func (e *ear) openDecoder() {
	if e.limit == 0 {
		return
	}
	if decoder, err := codec.NewDecoder(e.codec.mime); err == nil {
		e.decoder = decoder
	}
}
