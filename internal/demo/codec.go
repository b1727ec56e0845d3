package demo

import (
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"

	"nearend/internal/codec"
	"nearend/internal/measure"
	"nearend/internal/pcm"
)

const mimeTelephoneEvent = "audio/telephone-event"

// codecChoice is the one codec of a far end.
type codecChoice struct {
	mime        string
	payloadType webrtc.PayloadType
	clockRate   int
	channels    uint16
	fmtp        string
	// eventType is the telephone-event payload type of the same clock.
	eventType webrtc.PayloadType
}

func chooseCodec(name string) (codecChoice, error) {
	switch name {
	case "", "opus":
		return codecChoice{webrtc.MimeTypeOpus, 111, 48000, 2, "minptime=10;useinbandfec=1", 110}, nil
	case "PCMU":
		return codecChoice{webrtc.MimeTypePCMU, 0, 8000, 1, "", 126}, nil
	case "PCMA":
		return codecChoice{webrtc.MimeTypePCMA, 8, 8000, 1, "", 126}, nil
	}
	return codecChoice{}, fmt.Errorf("unknown codec %q: choose opus, PCMU or PCMA", name)
}

func (c codecChoice) capability() webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: c.mime, ClockRate: uint32(c.clockRate), Channels: c.channels, SDPFmtpLine: c.fmtp}
}

// register makes the codec and its telephone events all that is negotiated.
func (c codecChoice) register(media *webrtc.MediaEngine) error {
	events := webrtc.RTPCodecCapability{MimeType: mimeTelephoneEvent, ClockRate: uint32(c.clockRate), SDPFmtpLine: "0-15"}
	for _, p := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: c.capability(), PayloadType: c.payloadType},
		{RTPCodecCapability: events, PayloadType: c.eventType},
	} {
		if err := media.RegisterCodec(p, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	return nil
}

// encode codes a recording in packets of packetTime, for a network that loses
// that part of them; the last one is filled up with silence.
func (c codecChoice) encode(r measure.Recording, loss float64) ([][]byte, error) {
	encoder, err := codec.NewEncoder(c.mime, codec.Options{Bitrate: 48000, FEC: loss > 0})
	if err != nil {
		return nil, err
	}
	defer encoder.Close()
	if adaptive, ok := encoder.(codec.Adaptive); ok {
		adaptive.SetLoss(loss)
	}
	samples := r.Int16()
	if r.Rate != encoder.Rate() && len(samples) > 0 {
		resampler, err := pcm.NewResampler(r.Rate, encoder.Rate())
		if err != nil {
			return nil, err
		}
		resampled := make([]int16, resampler.Samples(len(samples)))
		samples = resampled[:resampler.Process(resampled, samples)]
	}
	length := encoder.Rate() * int(packetTime/time.Millisecond) / 1000
	buffer := make([]byte, codec.MaxPayload)
	var packets [][]byte
	for len(samples) > 0 {
		packet := make([]int16, length)
		samples = samples[copy(packet, samples):]
		n, err := encoder.Encode(buffer, packet)
		if err != nil {
			return nil, err
		}
		packets = append(packets, append([]byte(nil), buffer[:n]...))
	}
	return packets, nil
}
