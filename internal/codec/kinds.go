package codec

import (
	"nearend/internal/codec/opus"
)

type kind struct {
	encoder func(Options) (Encoder, error)
	decoder func() (Decoder, error)
}

var kinds = map[string]kind{
	"audio/opus": {newOpusEncoder, newOpusDecoder},
	"audio/pcmu": {
		func(Options) (Encoder, error) { return &g711Encoder{compress: linearToMu}, nil },
		func() (Decoder, error) { return &g711Decoder{expand: &muToLinear}, nil },
	},
	"audio/pcma": {
		func(Options) (Encoder, error) { return &g711Encoder{compress: linearToA}, nil },
		func() (Decoder, error) { return &g711Decoder{expand: &aToLinear}, nil },
	},
	"audio/g722": {
		func(Options) (Encoder, error) { return newG722Encoder(), nil },
		func() (Decoder, error) { return newG722Decoder(), nil },
	},
}

func newOpusEncoder(o Options) (Encoder, error) {
	return opus.NewEncoder(opus.Settings{
		Bitrate: o.Bitrate, FEC: o.FEC, DTX: o.DTX, CBR: o.CBR, MaxRate: o.MaxRate,
	})
}

func newOpusDecoder() (Decoder, error) { return opus.NewDecoder() }
