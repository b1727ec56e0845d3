package media

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
	"github.com/rs/zerolog"

	"nearend/internal/audio/audiotest"
	"nearend/internal/pcm"
	"nearend/internal/rtpstream"
)

var opusCodec = rtpstream.Codec{PayloadType: 111, MimeType: "audio/opus", ClockRate: 48000, Channels: 2, Fmtp: "minptime=10;useinbandfec=1"}
var eventCodec = rtpstream.Codec{PayloadType: 110, MimeType: "audio/telephone-event", ClockRate: 48000}

// wire carries packets of a sender to a receiver, and keeps them.
type wire struct {
	mu      sync.Mutex
	to      rtpstream.Receiver
	packets []rtp.Packet
}

func (w *wire) write(h *rtp.Header, payload []byte) error {
	p := rtp.Packet{Header: *h, Payload: append([]byte(nil), payload...)}
	p.Extensions = append([]rtp.Extension(nil), h.Extensions...)
	p.SSRC = 4711
	w.mu.Lock()
	w.packets = append(w.packets, p)
	to := w.to
	w.mu.Unlock()
	if to != nil {
		to.Push(&p, time.Now())
	}
	return nil
}

func (w *wire) sent() []rtp.Packet {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]rtp.Packet(nil), w.packets...)
}

// desk is an engine with a microphone and two speakers, in a synctest bubble.
type desk struct {
	*testing.T
	system   *audiotest.System
	mic      *audiotest.Input
	speaker  *audiotest.Output
	headset  *audiotest.Output
	engine   *Engine
	document *Document
}

func newDesk(t *testing.T, events Events) *desk {
	system := audiotest.New()
	d := &desk{
		T: t, system: system,
		mic:     system.PlugInput("mic", "Microphone"),
		speaker: system.PlugOutput("speaker", "Speaker"),
		headset: system.PlugOutput("headset", "Headset"),
	}
	system.Run()
	d.engine = NewEngine(system, zerolog.Nop())
	d.document = d.engine.Document("d1", events)
	return d
}

func (d *desk) close() {
	d.engine.Close()
	if c, p := d.system.Open(); c != 0 || p != 0 {
		d.Errorf("%d captures and %d playouts left open", c, p)
	}
	d.system.Close()
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) send(track string, c rtpstream.Codec, w *wire) rtpstream.Sender {
	d.Helper()
	s, err := d.document.NewSender(rtpstream.SenderConfig{Track: track, Codec: c, DTMF: &eventCodec, Write: w.write})
	d.must(err)
	return s
}

func (d *desk) receive(track string, codecs ...rtpstream.Codec) rtpstream.Receiver {
	d.Helper()
	r, err := d.document.NewReceiver(rtpstream.ReceiverConfig{Track: track, Codecs: codecs})
	d.must(err)
	return r
}

func power(stereo []int16) float64 { return pcm.Power(stereo) }

// TestCall speaks into the microphone and listens at the speaker.
func TestCall(t *testing.T) {
	for _, c := range []rtpstream.Codec{
		opusCodec,
		{PayloadType: 0, MimeType: "audio/PCMU", ClockRate: 8000},
		{PayloadType: 8, MimeType: "audio/PCMA", ClockRate: 8000},
		{PayloadType: 9, MimeType: "audio/G722", ClockRate: 8000},
	} {
		t.Run(c.MimeType, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, Events{})
				defer d.close()
				d.mic.Say(audiotest.Tone(440, 0.5, 300))
				d.must(d.document.OpenCapture("m", CaptureOptions{}))
				w := &wire{to: d.receive("rx:p1:t1", c)}
				s := d.send("m", c, w)
				d.must(d.document.UpdatePlayer(Player{ID: "e1", Tracks: []string{"rx:p1:t1"}, Playing: true, Volume: 1}))
				time.Sleep(2 * time.Second)
				synctest.Wait()
				heard := d.speaker.Heard()
				if p := power(heard[len(heard)/2:]); p < 0.11 || p > 0.14 {
					t.Errorf("heard a power of %v, want 0.125", p)
				}
				if len(d.headset.Heard()) != 0 {
					t.Error("the headset was opened")
				}
				stats := w.to.Stats()
				t.Logf("%+v", stats)
				if stats.ConcealedSamples != 0 || stats.PacketsReceived < 95 {
					t.Errorf("%+v", stats)
				}
				if n := s.Stats().PacketsSent; n < 95 || n > 101 {
					t.Errorf("sent %d packets", n)
				}
			})
		})
	}
}
