package media

import (
	"testing"

	"github.com/pion/rtp"

	"nearend/internal/rtpstream"
)

func BenchmarkSendOpus(b *testing.B) {
	p, err := newPacketizer(rtpstream.SenderConfig{
		Codec: opusCodec, AudioLevelExtension: 1, Write: func(*rtp.Header, []byte) error { return nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	defer p.close()
	speech := frameOf(9000)
	b.ReportAllocs()
	for b.Loop() {
		p.step(speech)
	}
}
