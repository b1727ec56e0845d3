// Package logring keeps the recent log of a component in memory, so that the
// person who reports a problem can hand it over. It takes the secrets out
// before it keeps a line, so that nothing else has to.
package logring

import (
	"bytes"
	"sync"
)

const (
	// maxBytes bounds what is kept, far enough below the largest message that
	// the lines still fit into one once they are encoded as JSON strings.
	maxBytes = 256 << 10
	// maxLine bounds one line; more is cut off.
	maxLine = 4 << 10
)

// Ring keeps the last 256 KiB of lines; older ones are dropped. It is an
// io.Writer for a logger that writes whole lines, and safe for concurrent use.
type Ring struct {
	mu    sync.Mutex
	lines []string
	bytes int
}

// Write keeps one or more lines, redacted. It never fails.
func (r *Ring) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		if len(line) > maxLine {
			line = line[:maxLine]
		}
		r.add(Redact(string(line)))
	}
	return len(text), nil
}

func (r *Ring) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line)
	r.bytes += len(line)
	drop := 0
	for r.bytes > maxBytes {
		r.bytes -= len(r.lines[drop])
		drop++
	}
	r.lines = r.lines[drop:]
}

// Lines returns what is kept, oldest first.
func (r *Ring) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.lines...)
}
