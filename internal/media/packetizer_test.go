package media

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"nearend/internal/codec/opus"
	"nearend/internal/pcm"
	"nearend/internal/rtpstream"
)

func frameOf(amplitude float64) []int16 {
	f := make([]int16, pcm.FrameSamples)
	for i := range f {
		f[i] = int16(amplitude * math.Sin(2*math.Pi*500*float64(i)/pcm.Rate))
	}
	return f
}

func makePacketizer(t *testing.T, c rtpstream.SenderConfig) (*packetizer, *wire) {
	t.Helper()
	w := &wire{}
	c.Write = w.write
	p, err := newPacketizer(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p, w
}

func TestPacketsAreContinuous(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec})
	speech := frameOf(9000)
	for range 50 {
		p.step(speech)
	}
	for range 30 {
		p.step(nil) // no track for 300 ms
	}
	for range 50 {
		p.step(silence[:]) // muted: silence is sent
	}
	packets := w.sent()
	if len(packets) != 50 {
		t.Fatalf("%d packets", len(packets))
	}
	for i, q := range packets {
		if q.Marker != (i == 0 || i == 25) {
			t.Errorf("packet %d: marker %v", i, q.Marker)
		}
		if i == 0 {
			continue
		}
		want := uint32(960)
		if i == 25 {
			want += 30 * 480
		}
		if q.SequenceNumber != packets[i-1].SequenceNumber+1 || q.Timestamp-packets[i-1].Timestamp != want {
			t.Errorf("packet %d: step %d in time", i, q.Timestamp-packets[i-1].Timestamp)
		}
	}
	// Silence on the wire decodes to silence.
	d, err := opus.NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out := make([]int16, 960)
	for i, q := range packets {
		if _, err := d.Decode(out, q.Payload); err != nil {
			t.Fatal(err)
		}
		if i > 30 && pcm.Peak(out) > 3 {
			t.Fatalf("packet %d of a muted track has a peak of %d", i, pcm.Peak(out))
		}
	}
}

func TestPacketTimeIsNegotiated(t *testing.T) {
	for _, c := range []struct {
		fmtp  string
		ptime time.Duration
		want  time.Duration
	}{
		{"", 0, 20}, {"", 40, 40}, {"ptime=60", 0, 60}, {"maxptime=10", 0, 10}, {"minptime=20", 10, 20}, {"maxptime=40", 120, 40},
	} {
		p, w := makePacketizer(t, rtpstream.SenderConfig{
			Codec: rtpstream.Codec{MimeType: "audio/opus", ClockRate: 48000, Fmtp: c.fmtp},
			PTime: c.ptime * time.Millisecond,
		})
		for range 24 {
			p.step(frameOf(9000))
		}
		if got := len(w.sent()); got != int(240/c.want) {
			t.Errorf("%q %d: %d packets in 240 ms", c.fmtp, c.ptime, got)
		}
	}
}

func TestAudioLevelExtension(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec, AudioLevelExtension: 3})
	for range 2 {
		p.step(frameOf(16384))
	}
	got := append([]byte(nil), w.sent()[0].GetExtension(3)...)
	for range 2 {
		p.step(silence[:])
	}
	if len(got) != 1 || got[0] != 0x80|9 {
		t.Errorf("level %v, want 9 with V", got)
	}
	if got := w.sent()[1].GetExtension(3); got[0] != 127 {
		t.Errorf("level of silence %v", got)
	}
}

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

func TestCodecChangeKeepsSequence(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec})
	for range 4 {
		p.step(silence[:])
	}
	if err := p.setCodec(rtpstream.Codec{MimeType: "audio/PCMA", ClockRate: 8000, PayloadType: 8}, nil, 0); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		p.step(silence[:])
	}
	packets := w.sent()
	if len(packets) != 4 || packets[3].SequenceNumber-packets[0].SequenceNumber != 3 || len(packets[3].Payload) != 160 {
		t.Errorf("%d packets, last %d bytes", len(packets), len(packets[3].Payload))
	}
	if err := p.setCodec(rtpstream.Codec{MimeType: "audio/none", ClockRate: 8000}, nil, 0); err == nil {
		t.Error("an unknown codec was accepted")
	}
	for range 2 {
		p.step(silence[:])
	}
	if len(w.sent()) != 5 {
		t.Error("a refused codec stopped the stream")
	}
}

func TestLossSwitchesForwardErrorCorrection(t *testing.T) {
	p, w := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec})
	var s steering
	s.start(p.encoder, opusCodec)
	d, err := opus.NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	carry := func() (n int) {
		from := len(w.sent())
		phase := 0.0
		for k := range 60 {
			f := make([]int16, pcm.FrameSamples)
			// A voice whose pitch and strength move.
			for i := range f {
				at := float64(k) + float64(i)/pcm.FrameSamples
				phase += 2 * math.Pi * (150 + 20*math.Sin(at/7)) / pcm.Rate
				for h := 1.0; h < 9; h++ {
					f[i] += int16(3000 * (1 + math.Sin(at/5)) * math.Sin(h*phase) / h)
				}
			}
			p.step(f)
		}
		for _, q := range w.sent()[from:] {
			if d.HasPrevious(q.Payload) {
				n++
			}
		}
		return n
	}
	if n := carry(); n != 0 {
		t.Errorf("%d packets carry copies without loss", n)
	}
	for range 5 {
		s.feedback(&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{FractionLost: 26}}})
	}
	if n := carry(); n < 10 {
		t.Errorf("%d of 30 packets carry copies at 10 %% loss", n)
	}
	for range 15 {
		s.feedback(&rtcp.SenderReport{Reports: []rtcp.ReceptionReport{{}}})
	}
	carry()
	if n := carry(); n != 0 {
		t.Errorf("%d packets carry copies after the loss", n)
	}
}

func TestBitrateIsBounded(t *testing.T) {
	p, _ := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec})
	var s steering
	s.start(p.encoder, rtpstream.Codec{MimeType: "audio/opus", Fmtp: "maxaveragebitrate=20000"})
	if s.target() != 20000 {
		t.Errorf("%v", s.target())
	}
	s.limit(12000)
	s.feedback(&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 16000})
	if s.target() != 12000 {
		t.Errorf("%v", s.target())
	}
	s.limit(0)
	if s.target() != 16000 {
		t.Errorf("%v", s.target())
	}
}

func TestSteppingDoesNotAllocate(t *testing.T) {
	for _, c := range []rtpstream.Codec{opusCodec, {MimeType: "audio/PCMU", ClockRate: 8000}, {MimeType: "audio/G722", ClockRate: 8000}} {
		p, err := newPacketizer(rtpstream.SenderConfig{
			Codec: c, AudioLevelExtension: 1, Write: func(*rtp.Header, []byte) error { return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		speech := frameOf(9000)
		if n := testing.AllocsPerRun(100, func() { p.step(speech) }); n != 0 {
			t.Errorf("%s: %v allocations", c.MimeType, n)
		}
		p.close()
	}
}

func FuzzFmtp(f *testing.F) {
	f.Add("minptime=10;useinbandfec=1;maxaveragebitrate=99999999999999")
	f.Fuzz(func(t *testing.T, params string) {
		c := rtpstream.Codec{MimeType: "audio/opus", ClockRate: 48000, Fmtp: params}
		p, err := newPacketizer(rtpstream.SenderConfig{Codec: c, Write: func(*rtp.Header, []byte) error { return nil }})
		if err != nil {
			return
		}
		for range 12 {
			p.step(silence[:])
		}
		p.close()
	})
}
