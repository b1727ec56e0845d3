package pcm

import "sync/atomic"

// Ring is a bounded queue of samples between exactly one writer and one
// reader. Neither waits for the other, which makes it fit for the callback of
// a sound device; what does not fit is refused. The rest of its methods may be
// called from anywhere.
type Ring struct {
	buffer []int16
	size   int
	// read and written count samples since the beginning; the reader alone
	// stores read, the writer alone written.
	read, written atomic.Uint64
}

// NewRing returns a ring for size samples.
func NewRing(size int) *Ring {
	length := 1
	for length < size {
		length *= 2
	}
	return &Ring{buffer: make([]int16, length), size: size}
}

// Len is the number of samples queued.
func (r *Ring) Len() int {
	read := r.read.Load()
	return int(r.written.Load() - read)
}

// Room is the number of samples that Write takes now.
func (r *Ring) Room() int { return r.size - r.Len() }

// Write queues as many samples as there is room for and returns their number.
func (r *Ring) Write(samples []int16) int {
	written := r.written.Load()
	room := r.size - int(written-r.read.Load())
	samples = samples[:min(len(samples), room)]
	at := int(written & uint64(len(r.buffer)-1))
	n := copy(r.buffer[at:], samples)
	copy(r.buffer, samples[n:])
	r.written.Store(written + uint64(len(samples)))
	return len(samples)
}

// Read takes up to len(samples) samples and returns their number.
func (r *Ring) Read(samples []int16) int {
	read := r.read.Load()
	samples = samples[:min(len(samples), int(r.written.Load()-read))]
	at := int(read & uint64(len(r.buffer)-1))
	n := copy(samples, r.buffer[at:])
	copy(samples[n:], r.buffer)
	r.read.Store(read + uint64(len(samples)))
	return len(samples)
}
