package peer

import (
	"math"
	"sync"

	"nearend/internal/protocol"
)

// queue holds tasks in order. A request beyond protocol.MaxQueuedRequests is
// refused. A task returns false to end the service.
type queue struct {
	mu     sync.Mutex
	tasks  []func() bool
	closed bool
	wake   chan struct{}
	done   chan struct{}
}

func (q *queue) init() {
	q.wake = make(chan struct{}, 1)
	q.done = make(chan struct{})
}

// push queues a request, add a task of our own, which is never refused while
// the queue is open: what makes such tasks is itself bounded.
func (q *queue) push(task func() bool) bool { return q.put(task, protocol.MaxQueuedRequests) }

func (q *queue) add(task func() bool) { q.put(task, math.MaxInt) }

func (q *queue) put(task func() bool, limit int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.tasks) >= limit {
		return false
	}
	q.tasks = append(q.tasks, task)
	q.signal()
	return true
}

// signal wakes pop; mu is held.
func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pop waits for a task; false means closed.
func (q *queue) pop() (func() bool, bool) {
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			return nil, false
		}
		if len(q.tasks) > 0 {
			task := q.tasks[0]
			q.tasks = q.tasks[1:]
			q.mu.Unlock()
			return task, true
		}
		q.mu.Unlock()
		<-q.wake
	}
}

// close drops what waits.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.tasks = nil
	q.signal()
}
