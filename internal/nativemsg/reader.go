package nativemsg

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Reader reads messages. It is not safe for concurrent use.
type Reader struct {
	input *bufio.Reader
	limit int
	// skip counts the bytes that are left of a message that was too large.
	skip int
}

// NewReader returns a reader that refuses messages of more than limit bytes.
func NewReader(input io.Reader, limit int) *Reader {
	return &Reader{input: bufio.NewReader(input), limit: limit}
}

// Read returns the next message, which is the caller's. It returns io.EOF when
// the input ended between messages. A message over the limit yields
// ErrTooLarge as soon as its length is known, so that the error can be told
// before the message has arrived; the next call passes over it.
func (r *Reader) Read() ([]byte, error) {
	if r.skip > 0 {
		passed, err := r.input.Discard(r.skip)
		r.skip -= passed
		if err != nil {
			return nil, truncated(err)
		}
	}
	var header [headerSize]byte
	if _, err := io.ReadFull(r.input, header[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		return nil, truncated(err)
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length > maxBrowserMessage {
		return nil, fmt.Errorf("%w: a message of %d bytes is announced", ErrNotNativeMessaging, length)
	}
	if int(length) > r.limit {
		r.skip = int(length)
		return nil, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, length, r.limit)
	}
	message := make([]byte, length)
	if _, err := io.ReadFull(r.input, message); err != nil {
		return nil, truncated(err)
	}
	return message, nil
}

// truncated names an end of input within a message.
func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return err
}
