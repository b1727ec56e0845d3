package measure

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrFormat says that a file is not 16-bit PCM in a RIFF container.
var ErrFormat = errors.New("not a 16-bit PCM WAV file")

type waveFormat struct {
	Tag, Channels     uint16
	Rate, BytesPerSec uint32
	BlockAlign, Bits  uint16
}

// ReadWAV reads a 16-bit PCM file and mixes its channels.
func ReadWAV(path string) (Recording, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Recording{}, err
	}
	r, err := DecodeWAV(data)
	if err != nil {
		return Recording{}, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// DecodeWAV decodes a 16-bit PCM file in memory and mixes its channels.
func DecodeWAV(data []byte) (Recording, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Recording{}, ErrFormat
	}
	var format waveFormat
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:8]))
		body := rest[8:]
		if size < 0 || size > len(body) {
			size = len(body) // a recorder that was stopped leaves the size unset
		}
		switch id {
		case "fmt ":
			if err := binary.Read(bytes.NewReader(body[:size]), binary.LittleEndian, &format); err != nil {
				return Recording{}, ErrFormat
			}
		case "data":
			if format.Bits != 16 || format.Channels == 0 || format.Rate == 0 {
				return Recording{}, ErrFormat
			}
			pcm := make([]int16, size/2)
			for i := range pcm {
				pcm[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return FromInt16(int(format.Rate), int(format.Channels), pcm), nil
		}
		rest = body[min(len(body), size+size%2):]
	}
	return Recording{}, ErrFormat
}

// WriteWAV writes a 16-bit mono PCM file.
func WriteWAV(path string, r Recording) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(encodeWAV(f, r), f.Close())
}

func encodeWAV(w io.Writer, r Recording) error {
	var b bytes.Buffer
	size := uint32(2 * len(r.Samples))
	b.WriteString("RIFF")
	header := []any{
		36 + size, []byte("WAVEfmt "), uint32(16),
		waveFormat{Tag: 1, Channels: 1, Rate: uint32(r.Rate), BytesPerSec: 2 * uint32(r.Rate), BlockAlign: 2, Bits: 16},
		[]byte("data"), size, r.Int16(),
	}
	for _, v := range header {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}
