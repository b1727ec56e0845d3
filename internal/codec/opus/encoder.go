package opus

// #include "opus.h"
import "C"

import (
	"errors"
	"time"
)

// Rate is the sampling rate of PCM on both sides.
const Rate = 48000

// DefaultBitrate is what RFC 7587 (section 3.1.1) finds right for full-band
// mono speech.
const DefaultBitrate = 32000

// complexity is of 10. Quality hardly grows above, processor time does.
const complexity = 9

// Settings shape an Encoder.
type Settings struct {
	// Bitrate in bits a second; zero means DefaultBitrate.
	Bitrate int
	// FEC allows in-band forward error correction while there is loss.
	FEC bool
	DTX bool
	CBR bool
	// MaxRate is the highest sampling rate that the far end plays
	// (maxplaybackrate, RFC 7587, section 6.1); zero means no bound.
	MaxRate int
}

// Encoder codes mono speech. It belongs to one goroutine.
type Encoder struct {
	state *C.OpusEncoder
	fec   bool
	dtx   bool
}

// NewEncoder returns an encoder that the caller must close.
func NewEncoder(s Settings) (*Encoder, error) {
	var code C.int
	state := C.opus_encoder_create(Rate, 1, C.application_voip, &code)
	if state == nil {
		return nil, failure("create encoder", code)
	}
	e := &Encoder{state: state, fec: s.FEC, dtx: s.DTX}
	vbr := 1
	if s.CBR {
		vbr = 0
	}
	e.set(C.set_complexity, complexity)
	e.set(C.set_signal, C.signal_voice)
	e.set(C.set_vbr, vbr)
	if s.DTX {
		e.set(C.set_dtx, 1)
	}
	if s.MaxRate > 0 {
		e.set(C.set_max_bandwidth, bandwidth(s.MaxRate))
	}
	if s.Bitrate == 0 {
		s.Bitrate = DefaultBitrate
	}
	e.SetBitrate(s.Bitrate)
	return e, nil
}

func bandwidth(rate int) int {
	switch {
	case rate <= 8000:
		return C.bandwidth_narrow
	case rate <= 12000:
		return C.bandwidth_medium
	case rate <= 16000:
		return C.bandwidth_wide
	case rate <= 24000:
		return C.bandwidth_superwide
	}
	return C.bandwidth_full
}

func (e *Encoder) set(request C.int, value int) {
	C.nearend_opus_set(e.state, request, C.int32_t(value))
}

// Rate implements codec.Encoder.
func (e *Encoder) Rate() int { return Rate }

// PacketTime implements codec.Encoder: 10, 20, 40, 60, 80, 100 or 120 ms.
func (e *Encoder) PacketTime(d time.Duration) time.Duration {
	if d < 20*time.Millisecond {
		return 10 * time.Millisecond
	}
	return min(d.Truncate(20*time.Millisecond), 120*time.Millisecond)
}

// SetBitrate implements codec.Adaptive, within the 6 to 510 kbit/s of Opus.
func (e *Encoder) SetBitrate(bits int) {
	e.set(C.set_bitrate, max(6000, min(510000, bits)))
}

// SetLoss implements codec.Adaptive.
func (e *Encoder) SetLoss(fraction float64) {
	percent := int(max(0, min(1, fraction))*100 + 0.5)
	on := 0
	if e.fec && percent > 0 {
		on = 1
	}
	e.set(C.set_packet_loss_perc, percent)
	e.set(C.set_inband_fec, on)
}

// Encode implements codec.Encoder.
func (e *Encoder) Encode(payload []byte, pcm []int16) (int, error) {
	if len(pcm) == 0 || len(payload) == 0 {
		return 0, errors.New("opus: encode: empty buffer")
	}
	n := C.nearend_opus_encode(e.state, (*C.int16_t)(&pcm[0]), C.int(len(pcm)),
		(*C.uchar)(&payload[0]), C.int(len(payload)))
	if n < 0 {
		return 0, failure("encode", n)
	}
	if e.dtx && n <= silenceBytes {
		return 0, nil
	}
	return int(n), nil
}

// Close implements codec.Encoder.
func (e *Encoder) Close() {
	if e.state != nil {
		C.opus_encoder_destroy(e.state)
		e.state = nil
	}
}
