package jitter

import (
	"strings"

	"nearend/internal/codec"
)

// Format is a payload type that may arrive.
type Format struct {
	PayloadType uint8
	// MimeType is that of a codec, or "audio/CN", "audio/red" or
	// "audio/telephone-event".
	MimeType  string
	ClockRate uint32
}

type role int

const (
	speech role = iota
	comfortNoise
	redundancy
	events
)

// format is a Format with what plays it. The decoder is made when its first
// packet comes.
type format struct {
	Format
	role    role
	decoder codec.Decoder
	failed  bool
}

func newFormat(f Format) *format {
	made := &format{Format: f}
	switch strings.ToLower(f.MimeType) {
	case "audio/cn":
		made.role = comfortNoise
	case "audio/red":
		made.role = redundancy
	case "audio/telephone-event":
		made.role = events
	}
	return made
}

// ready makes the decoder if need be.
func (f *format) ready() bool {
	if f.decoder != nil || f.failed || f.role != speech {
		return f.decoder != nil
	}
	decoder, err := codec.NewDecoder(f.MimeType)
	if err != nil || f.ClockRate == 0 {
		f.failed = true
		return false
	}
	f.decoder = decoder
	return true
}

func (f *format) close() {
	if f.decoder != nil {
		f.decoder.Close()
		f.decoder = nil
	}
}
