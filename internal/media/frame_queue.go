package media

import (
	"sync"
	"time"

	"nearend/internal/pcm"
)

// queueFrames bounds a frameQueue: 160 ms.
const queueFrames = 16

// frameQueue takes frames from tracks to a sender's goroutine. When the sender
// falls behind, the oldest frame goes.
type frameQueue struct {
	mu     sync.Mutex
	frames [queueFrames]queued
	first  int
	count  int
	ready  chan struct{}
}

// queued is a frame of a track, or the passing of its time without one.
type queued struct {
	frame [pcm.FrameSamples]int16
	none  bool
	at    time.Time
}

// put copies a frame; nil is the passing of 10 ms.
func (q *frameQueue) put(frame []int16, at time.Time) {
	q.mu.Lock()
	if q.count == queueFrames {
		q.first = (q.first + 1) % queueFrames
		q.count--
	}
	slot := &q.frames[(q.first+q.count)%queueFrames]
	slot.none, slot.at = frame == nil, at
	copy(slot.frame[:], frame)
	q.count++
	q.mu.Unlock()
	wake(q.ready)
}

// get copies the oldest frame to out and reports whether there was one.
func (q *frameQueue) get(out *queued) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count == 0 {
		return false
	}
	*out = q.frames[q.first]
	q.first = (q.first + 1) % queueFrames
	q.count--
	return true
}
