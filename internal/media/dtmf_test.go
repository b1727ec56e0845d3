package media

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/rtpstream"
)

// TestTones checks packets of RFC 4733 and the events of WebRTC 1.0, section 7.
func TestTones(t *testing.T) {
	for _, c := range []rtpstream.Codec{opusCodec, {MimeType: "audio/PCMU", ClockRate: 8000}} {
		dtmf := rtpstream.Codec{PayloadType: 110, MimeType: "audio/telephone-event", ClockRate: c.ClockRate}
		p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: c, DTMF: &dtmf})
		for range 4 {
			p.step(frameOf(9000))
		}
		p.dtmf.insert("1,d", 100*time.Millisecond, 50*time.Millisecond)
		for range 10 + 5 + 200 + 10 + 5 + 10 {
			p.step(frameOf(9000))
		}
		var told strings.Builder
		for _, r := range p.reports {
			told.WriteString("<" + r.tone + "|" + r.remaining + ">")
		}
		if told.String() != "<1|,D><,|D><D|><|>" {
			t.Errorf("told %s", told.String())
		}
		var tones []rtp.Packet
		before, during := 0, 0
		for i, q := range w.sent() {
			if q.SequenceNumber != w.sent()[0].SequenceNumber+uint16(i) {
				t.Fatal("sequence numbers are not continuous")
			}
			switch {
			case q.PayloadType == 110:
				tones = append(tones, q)
			case len(tones) == 0:
				before++
			case len(tones) < 8:
				during++
			}
		}
		if before != 2 || during != 0 {
			t.Errorf("%d packets before the tone, %d within it", before, during)
		}
		first := tones[:8] // at 10, 20, 40, 60, 80 ms, and three ends
		unit := uint16(c.ClockRate / 100)
		for i, q := range first {
			frames := []uint16{1, 2, 4, 6, 8, 10, 10, 10}[i]
			duration := binary.BigEndian.Uint16(q.Payload[2:])
			if q.Payload[0] != 1 || q.Payload[1]&0x3f != volume || duration != frames*unit {
				t.Errorf("tone packet %d: %v", i, q.Payload)
			}
			if end := q.Payload[1]&0x80 != 0; end != (i >= 5) || q.Marker != (i == 0) {
				t.Errorf("tone packet %d: end %v, marker %v", i, end, q.Marker)
			}
			if q.Timestamp != w.sent()[0].Timestamp+4*uint32(unit) {
				t.Errorf("tone packet %d: timestamp", i)
			}
		}
		second := tones[8]
		if second.Payload[0] != 15 || second.Timestamp-first[0].Timestamp != uint32(10+5+200)*uint32(unit) || len(tones) != 16 {
			t.Errorf("second tone %v after %d units, %d packets", second.Payload, (second.Timestamp-first[0].Timestamp)/uint32(unit), len(tones))
		}
	}
}

func TestLongToneIsCutIntoSegments(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec, DTMF: &eventCodec})
	p.dtmf.insert("5", 6*time.Second, 30*time.Millisecond)
	for range 600 {
		p.step(silence[:])
	}
	total, last := uint32(0), w.sent()[0]
	starts := 1
	for i, q := range w.sent() {
		if q.Timestamp != last.Timestamp {
			total += uint32(binary.BigEndian.Uint16(last.Payload[2:]))
			if q.Timestamp-last.Timestamp != uint32(binary.BigEndian.Uint16(last.Payload[2:])) {
				t.Errorf("segment at %d does not follow the one before", i)
			}
			starts++
		}
		if q.Marker != (i == 0) {
			t.Errorf("marker of %d", i)
		}
		last = q
	}
	if total += uint32(binary.BigEndian.Uint16(last.Payload[2:])); total != 6*48000 || starts != 5 {
		t.Errorf("%d units in %d segments", total, starts)
	}
}

func TestTonesAreReplacedAndStopped(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec, DTMF: &eventCodec})
	p.dtmf.insert("123", 100*time.Millisecond, 50*time.Millisecond)
	for range 5 {
		p.step(nil)
	}
	p.dtmf.insert("", 100*time.Millisecond, 50*time.Millisecond)
	for range 40 {
		p.step(nil)
	}
	if got := p.reports; len(got) != 2 || got[0].tone != "1" || got[1] != (report{}) {
		t.Errorf("%v", got)
	}
	if last := w.sent()[len(w.sent())-1]; last.Payload[1]&0x80 == 0 {
		t.Error("the tone has no end")
	}
	p.active = false
	sent := len(w.sent())
	p.dtmf.insert("1", 100*time.Millisecond, 50*time.Millisecond)
	for range 40 {
		p.step(silence[:])
	}
	if len(w.sent()) != sent {
		t.Error("an inactive sender sends")
	}
}
