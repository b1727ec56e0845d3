package media

import (
	"strings"
	"time"

	"nearend/internal/pcm"
)

const (
	// events numbers the tones (RFC 4733, section 3.2).
	events = "0123456789*#ABCD"
	// comma is the pause that "," asks for (WebRTC 1.0, section 7.2).
	comma = 2 * time.Second
	// eventInterval is the time between packets of an event, repeats how
	// often its end is sent (RFC 4733, section 2.5.1.3 and 2.5.1.4).
	eventInterval = 2 // frames
	repeats       = 3
	// volume is the power of tones in -dBm0.
	volume = 10
	// longest is where an event is cut into segments (section 2.5.1.3).
	longest = 0xffff
)

// dtmf plays tones, frame by frame. It is pure: it says what to send and when.
type dtmf struct {
	waiting       string
	duration, gap int // of tones that start now, in frames

	busy    bool // there are or were tones whose end is not reported
	code    byte // of the event being played
	playing int  // frames left of the event
	sent    int  // frames of the event so far
	segment int  // frames before the current segment
	pause   int  // frames until the next tone may start

	payload [4]byte
}

// event is a packet to send.
type event struct {
	payload []byte
	// start says that the event begins with this packet: marker bit, and its
	// timestamp is the present one. A new segment takes the present timestamp
	// too, without the marker.
	start, segment bool
}

func frames(d time.Duration) int {
	return int((d + pcm.FrameDuration - 1) / pcm.FrameDuration)
}

// insert replaces what is waiting.
func (d *dtmf) insert(tones string, duration, gap time.Duration) {
	d.waiting = strings.ToUpper(tones)
	d.duration, d.gap = max(1, frames(duration)), frames(gap)
	d.busy = d.busy || tones != ""
}

// sounding reports whether the next frame belongs to a tone, not to speech.
func (d *dtmf) sounding() bool { return d.playing > 0 }

// next starts the next tone if its time has come. It reports the tone, "" at
// the end, and whether there is anything to report.
func (d *dtmf) next() (tone string, report bool) {
	if !d.busy || d.playing > 0 || d.pause > 0 {
		return "", false
	}
	if d.waiting == "" {
		d.busy = false
		return "", true
	}
	tone, d.waiting = d.waiting[:1], d.waiting[1:]
	code := strings.Index(events, tone)
	if code < 0 {
		d.pause = frames(comma)
		return tone, true
	}
	d.code = byte(code)
	d.playing, d.sent, d.segment = d.duration, 0, 0
	return tone, true
}

// step moves on by one frame and calls send for each packet that is due. clock
// is the rate of RTP timestamps.
func (d *dtmf) step(clock int, send func(event)) {
	if d.playing == 0 {
		d.pause = max(0, d.pause-1)
		return
	}
	unit := clock / 100
	first := d.sent == 0
	newSegment := false
	if (d.sent-d.segment+1)*unit > longest {
		d.segment = d.sent
		newSegment = true
	}
	d.sent++
	d.playing--
	if d.playing == 0 {
		d.pause = d.gap
		for i := range repeats {
			send(d.packet(unit, true, first && i == 0, newSegment && i == 0))
		}
		return
	}
	if first || newSegment || d.sent%eventInterval == 0 || (d.sent-d.segment+1)*unit > longest {
		send(d.packet(unit, false, first, newSegment))
	}
}

// packet builds a telephone-event payload (RFC 4733, section 2.3).
func (d *dtmf) packet(unit int, end, start, segment bool) event {
	length := (d.sent - d.segment) * unit
	d.payload = [4]byte{d.code, volume, byte(length >> 8), byte(length)}
	if end {
		d.payload[1] |= 0x80
	}
	return event{payload: d.payload[:], start: start, segment: segment}
}
