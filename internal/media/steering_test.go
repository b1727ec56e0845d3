package media

import (
	"math"
	"testing"

	"github.com/pion/rtcp"

	"nearend/internal/codec/opus"
	"nearend/internal/pcm"
	"nearend/internal/rtpstream"
)

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
