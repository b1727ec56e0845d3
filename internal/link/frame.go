package link

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	magic   = "NEAREND"
	version = 1

	lengthSize = 4
	// maxFrame bounds a frame with its length, so that a credit or heartbeat
	// never waits behind more.
	maxFrame = 8 << 10
	// maxPiece bounds the body of a frame.
	maxPiece = maxFrame - lengthSize - 1
)

// kind is the first byte of a frame.
type kind byte

const (
	part      kind = 1
	last      kind = 2
	credit    kind = 3
	heartbeat kind = 4
)

// preamble is what each side sends first.
func preamble() []byte { return append([]byte(magic), version) }

// checkPreamble reads what the other side sends first.
func checkPreamble(input io.Reader) error {
	var got [len(magic) + 1]byte
	if _, err := io.ReadFull(input, got[:]); err != nil {
		return ended(err)
	}
	switch {
	case string(got[:len(magic)]) != magic:
		return ErrForeign
	case got[len(magic)] != version:
		return fmt.Errorf("%w (this is version %d, the other %d)", ErrVersion, version, got[len(magic)])
	}
	return nil
}

// appendFrame appends a frame to a buffer.
func appendFrame(buffer []byte, k kind, body []byte) []byte {
	buffer = binary.LittleEndian.AppendUint32(buffer, uint32(1+len(body)))
	buffer = append(buffer, byte(k))
	return append(buffer, body...)
}

// frameReader reads frames into one buffer.
type frameReader struct {
	input  *bufio.Reader
	buffer [maxFrame - lengthSize]byte
}

func newFrameReader(input io.Reader) *frameReader {
	return &frameReader{input: bufio.NewReaderSize(input, maxFrame)}
}

// next returns a frame, whose body is valid until the next call.
func (r *frameReader) next() (kind, []byte, error) {
	var header [lengthSize]byte
	if _, err := io.ReadFull(r.input, header[:]); err != nil {
		return 0, nil, ended(err)
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length == 0 || length > uint32(len(r.buffer)) {
		return 0, nil, fmt.Errorf("%w: a length of %d", ErrMalformed, length)
	}
	frame := r.buffer[:length]
	if _, err := io.ReadFull(r.input, frame); err != nil {
		return 0, nil, ended(err)
	}
	return kind(frame[0]), frame[1:], nil
}

// ended names the end of a stream, which may come anywhere.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrLost
	}
	return err
}
