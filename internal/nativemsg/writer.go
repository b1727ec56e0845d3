package nativemsg

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// Writer writes messages. It is safe for concurrent use: messages stay whole.
type Writer struct {
	limit int

	mu     sync.Mutex
	output io.Writer
	buffer []byte
	// failed is the first error of output; what was written since is unknown,
	// so nothing is written after it.
	failed error
}

// NewWriter returns a writer that refuses messages of more than limit bytes.
func NewWriter(output io.Writer, limit int) *Writer {
	return &Writer{output: output, limit: limit}
}

// Write writes one message and does not keep it. ErrTooLarge leaves the stream
// intact; every other error is final.
func (w *Writer) Write(message []byte) error {
	if len(message) > w.limit {
		return fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, len(message), w.limit)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return w.failed
	}
	w.buffer = binary.LittleEndian.AppendUint32(w.buffer[:0], uint32(len(message)))
	w.buffer = append(w.buffer, message...)
	_, w.failed = w.output.Write(w.buffer)
	return w.failed
}
