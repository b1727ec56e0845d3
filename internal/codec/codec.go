// Package codec turns frames of PCM into payloads and back. Codecs are found by
// MIME type; each of them works on mono at its own sampling rate.
package codec

import (
	"errors"
	"strings"
	"time"

	"nearend/internal/codec/opus"
)

// ErrUnknown says that nothing here codes a MIME type.
var ErrUnknown = errors.New("codec: unknown codec")

// ErrCorrupt says that a payload cannot be decoded.
var ErrCorrupt = errors.New("codec: corrupt payload")

// MaxPacket is the longest packet that a Decoder yields.
const MaxPacket = 120 * time.Millisecond

// MaxPayload bounds the payload that an Encoder makes of MaxPacket, in bytes.
const MaxPayload = 1500

// Encoder makes payloads. It belongs to one goroutine.
type Encoder interface {
	// Rate is the sampling rate of what Encode takes.
	Rate() int
	// PacketTime returns the packet time nearest to d that the codec can do.
	PacketTime(d time.Duration) time.Duration
	// Encode codes one packet of mono PCM, whose length is a PacketTime, into
	// payload and returns its length. Zero means that there is nothing to
	// send now (DTX). It does not allocate.
	Encode(payload []byte, pcm []int16) (int, error)
	// Close releases the encoder.
	Close()
}

// DefaultBitrate is that of an Adaptive encoder, in bits a second.
const DefaultBitrate = opus.DefaultBitrate

// Adaptive is an Encoder that can be steered while it runs.
type Adaptive interface {
	Encoder
	// SetBitrate sets the target in bits a second.
	SetBitrate(int)
	// SetLoss gives the fraction of packets that the far end loses, 0 to 1.
	// Zero switches forward error correction off.
	SetLoss(float64)
}

// Decoder reads payloads. It belongs to one goroutine.
type Decoder interface {
	// Rate is the sampling rate of what Decode yields.
	Rate() int
	// Samples is the length of a payload at Rate, or an error when it is
	// corrupt or longer than MaxPacket.
	Samples(payload []byte) (int, error)
	// Decode writes the mono PCM of payload, Samples(payload) values, and
	// returns how many there were. It does not allocate.
	Decode(pcm []int16, payload []byte) (int, error)
	// Reset forgets the stream so far.
	Reset()
	// Close releases the decoder.
	Close()
}

// Concealer is a Decoder that makes up for lost packets itself.
type Concealer interface {
	Decoder
	// Conceal fills pcm, a multiple of 10 ms, with a continuation.
	Conceal(pcm []int16) error
}

// Recoverer is a Decoder whose payloads may carry the packet before again, at
// lower quality (in-band forward error correction).
type Recoverer interface {
	Decoder
	// HasPrevious reports whether payload carries its predecessor.
	HasPrevious(payload []byte) bool
	// Recover fills pcm, the length of the predecessor, from payload. Decode
	// of payload itself must follow.
	Recover(pcm []int16, payload []byte) error
}

// Discontinuous is a Decoder that can tell payloads sent during silence.
type Discontinuous interface {
	Decoder
	// Silence reports whether after payload nothing, or little, is sent until
	// there is speech again.
	Silence(payload []byte) bool
}

// Options shape an encoder.
type Options struct {
	// Bitrate in bits a second; zero leaves it to the codec.
	Bitrate int
	// FEC allows in-band forward error correction; it is used while there is
	// loss (Adaptive.SetLoss).
	FEC bool
	// DTX stops sending during silence.
	DTX bool
	// CBR asks for a constant bitrate.
	CBR bool
	// MaxRate is the highest sampling rate worth coding; zero means no bound.
	MaxRate int
}

// NewEncoder returns an encoder for a MIME type such as "audio/opus".
func NewEncoder(mime string, o Options) (Encoder, error) {
	k, ok := kinds[strings.ToLower(mime)]
	if !ok {
		return nil, ErrUnknown
	}
	return k.encoder(o)
}

// NewDecoder returns a decoder for a MIME type.
func NewDecoder(mime string) (Decoder, error) {
	k, ok := kinds[strings.ToLower(mime)]
	if !ok {
		return nil, ErrUnknown
	}
	return k.decoder()
}

// Known reports whether a MIME type can be coded.
func Known(mime string) bool {
	_, ok := kinds[strings.ToLower(mime)]
	return ok
}
