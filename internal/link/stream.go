package link

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// NewStream returns a link over an ordered byte stream that it then owns. Each
// message follows its length as a 32-bit little-endian number. Back-pressure
// is the stream's own.
func NewStream(stream io.ReadWriteCloser) Link {
	return &streamLink{stream: stream, reader: bufio.NewReader(stream)}
}

// streamLink is a Link over a byte stream.
type streamLink struct {
	stream io.ReadWriteCloser
	reader *bufio.Reader
	buffer []byte
	closed atomic.Bool
}

func (s *streamLink) Send(message []byte) error {
	if len(message) > MaxMessage {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(message))
	}
	s.buffer = binary.LittleEndian.AppendUint32(s.buffer[:0], uint32(len(message)))
	s.buffer = append(s.buffer, message...)
	if _, err := s.stream.Write(s.buffer); err != nil {
		return s.lost(err)
	}
	return nil
}

func (s *streamLink) Receive() ([]byte, error) {
	var header [4]byte
	if _, err := io.ReadFull(s.reader, header[:]); err != nil {
		return nil, s.lost(err)
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length > MaxMessage {
		return nil, fmt.Errorf("%w: %d bytes are announced", ErrTooLarge, length)
	}
	message := make([]byte, length)
	if _, err := io.ReadFull(s.reader, message); err != nil {
		return nil, s.lost(err)
	}
	return message, nil
}

func (s *streamLink) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	return s.stream.Close()
}

// lost turns the stream's error into one of the link.
func (s *streamLink) lost(err error) error {
	switch {
	case s.closed.Load():
		return ErrClosed
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrLost
	default:
		return fmt.Errorf("%w: %w", ErrLost, err)
	}
}
