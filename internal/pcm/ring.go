package pcm

import "sync/atomic"

// Ring is a lock-free queue of samples between exactly one writing and one
// reading goroutine or thread. Neither side ever waits or allocates. When it
// is full, Write takes what fits and the rest is the caller's to drop.
type Ring struct {
	samples []int16
	mask    uint64
	_       [64]byte // keeps the two sides on separate cache lines
	written atomic.Uint64
	_       [56]byte
	read    atomic.Uint64
}

// NewRing returns a ring that holds at least capacity samples, rounded up to a
// power of two.
func NewRing(capacity int) *Ring {
	size := 1
	for size < capacity {
		size <<= 1
	}
	return &Ring{samples: make([]int16, size), mask: uint64(size - 1)}
}

// Write appends samples and returns how many fitted. Only the writer calls it.
func (r *Ring) Write(samples []int16) int {
	at := r.written.Load()
	free := len(r.samples) - int(at-r.read.Load())
	n := min(len(samples), free)
	start := int(at & r.mask)
	first := copy(r.samples[start:], samples[:n])
	copy(r.samples, samples[first:n])
	r.written.Store(at + uint64(n))
	return n
}

// Read takes up to len(samples) samples and returns how many there were. Only
// the reader calls it.
func (r *Ring) Read(samples []int16) int {
	at := r.read.Load()
	n := min(len(samples), int(r.written.Load()-at))
	start := int(at & r.mask)
	first := copy(samples[:n], r.samples[start:])
	copy(samples[first:n], r.samples)
	r.read.Store(at + uint64(n))
	return n
}

// Discard drops up to n samples and returns how many it dropped. Only the
// reader calls it.
func (r *Ring) Discard(n int) int {
	at := r.read.Load()
	n = max(0, min(n, int(r.written.Load()-at)))
	r.read.Store(at + uint64(n))
	return n
}

// Len is the number of samples that wait. Either side may call it: the reader
// may rely on at least as many, the writer on at most as many.
func (r *Ring) Len() int {
	read := r.read.Load()
	return int(r.written.Load() - read)
}

// Cap is the number of samples that the ring holds.
func (r *Ring) Cap() int { return len(r.samples) }
