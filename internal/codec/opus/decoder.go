package opus

// #include "opus.h"
import "C"

import "errors"

// silenceBytes is the length of payloads that hold no audio: libopus makes
// them during DTX, and need not have them sent.
const silenceBytes = 2

// maxSamples is the longest packet, 120 ms (RFC 6716, section 3.2.5).
const maxSamples = Rate / 1000 * 120

var errCorrupt = errors.New("opus: corrupt payload")

// Decoder decodes any Opus stream to mono. It belongs to one goroutine.
type Decoder struct {
	state *C.OpusDecoder
}

// NewDecoder returns a decoder that the caller must close.
func NewDecoder() (*Decoder, error) {
	var code C.int
	state := C.opus_decoder_create(Rate, 1, &code)
	if state == nil {
		return nil, failure("create decoder", code)
	}
	return &Decoder{state: state}, nil
}

// Rate implements codec.Decoder.
func (d *Decoder) Rate() int { return Rate }

// Samples implements codec.Decoder.
func (d *Decoder) Samples(payload []byte) (int, error) {
	if len(payload) == 0 {
		return 0, errCorrupt
	}
	n := C.nearend_opus_duration((*C.uchar)(&payload[0]), C.int(len(payload)), Rate)
	if n <= 0 || n > maxSamples {
		return 0, errCorrupt
	}
	return int(n), nil
}

// Decode implements codec.Decoder.
func (d *Decoder) Decode(pcm []int16, payload []byte) (int, error) {
	if len(payload) == 0 || len(pcm) == 0 {
		return 0, errCorrupt
	}
	return d.decode(pcm, &payload[0], len(payload), 0)
}

// Conceal implements codec.Concealer.
func (d *Decoder) Conceal(pcm []int16) error {
	if len(pcm) == 0 {
		return nil
	}
	_, err := d.decode(pcm, nil, 0, 0)
	return err
}

// Recover implements codec.Recoverer.
func (d *Decoder) Recover(pcm []int16, payload []byte) error {
	if len(payload) == 0 || len(pcm) == 0 {
		return errCorrupt
	}
	_, err := d.decode(pcm, &payload[0], len(payload), 1)
	return err
}

func (d *Decoder) decode(pcm []int16, payload *byte, length, fec int) (int, error) {
	n := C.nearend_opus_decode(d.state, (*C.uchar)(payload), C.int(length),
		(*C.int16_t)(&pcm[0]), C.int(len(pcm)), C.int(fec))
	if n < 0 {
		return 0, errCorrupt
	}
	return int(n), nil
}

// Silence implements codec.Discontinuous.
func (d *Decoder) Silence(payload []byte) bool { return len(payload) <= silenceBytes }

// Reset implements codec.Decoder.
func (d *Decoder) Reset() { C.nearend_opus_reset(d.state) }

// Close implements codec.Decoder.
func (d *Decoder) Close() {
	if d.state != nil {
		C.opus_decoder_destroy(d.state)
		d.state = nil
	}
}
