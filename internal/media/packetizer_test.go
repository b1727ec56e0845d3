package media

import (
	"math"
	"testing"
	"time"

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

func TestRenegotiationKeepsTheEncoder(t *testing.T) {
	p, _ := makePacketizer(t, rtpstream.SenderConfig{Codec: opusCodec})
	p.step(silence[:])
	before := p.encoder
	if err := p.setCodec(opusCodec, &eventCodec, 0); err != nil || p.encoder != before || p.packed != 1 {
		t.Errorf("the encoder was replaced: %v", err)
	}
	if p.config.DTMF == nil {
		t.Error("DTMF was not taken over")
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
