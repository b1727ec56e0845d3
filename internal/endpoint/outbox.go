package endpoint

import (
	"errors"
	"sync"

	"nearend/internal/link"
)

const (
	// outboxFull is how many bytes may wait to be sent over one link before
	// those who can wait do so.
	outboxFull = 8 << 20
	// outboxBurst is when the other side counts as lost.
	outboxBurst = 4 * outboxFull
)

// outbox sends messages over a link in the order in which they were put in.
//
// Most of them come from where nobody may wait, so put never blocks. What
// could bring in more than the other side takes, the requests of pages and the
// far ends' data, calls wait first; levels are offered and may be dropped. Once
// the link is lost, messages are.
type outbox struct {
	way link.Link

	mu    sync.Mutex
	moved *sync.Cond
	queue [][]byte
	// bytes counts what is in queue.
	bytes  int
	closed bool
}

func newOutbox(way link.Link) *outbox {
	o := &outbox{way: way}
	o.moved = sync.NewCond(&o.mu)
	return o
}

// put adds a message that must arrive.
func (o *outbox) put(message []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.queue = append(o.queue, message)
	o.bytes += len(message)
	o.moved.Broadcast()
	if o.bytes > outboxBurst {
		o.shut()
		o.way.Close()
	}
}

// detachable is a link that outlives its connection.
type detachable interface {
	// Detached tells that nothing can be sent now, but may be later.
	Detached() bool
}

// offer adds a message that a later one makes up for, if it can leave soon.
func (o *outbox) offer(message []byte) {
	if d, ok := o.way.(detachable); ok && d.Detached() {
		return
	}
	if o.hasRoom() {
		o.put(message)
	}
}

func (o *outbox) hasRoom() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes < outboxFull
}

// wait blocks while the outbox is full.
func (o *outbox) wait() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.bytes >= outboxFull && !o.closed {
		o.moved.Wait()
	}
}

// run sends until close or until the link ends, which it then closes.
func (o *outbox) run() {
	defer o.close()
	for {
		message, ok := o.next()
		if !ok || o.send(message) != nil {
			return
		}
	}
}

func (o *outbox) send(message []byte) error {
	if err := o.way.Send(message); err != nil && !errors.Is(err, link.ErrTooLarge) {
		o.way.Close()
		return err
	}
	return nil
}

// next takes the oldest message out, waiting for one.
func (o *outbox) next() ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && !o.closed {
		o.moved.Wait()
	}
	if o.closed {
		return nil, false
	}
	message := o.queue[0]
	o.queue[0] = nil
	o.queue = o.queue[1:]
	o.bytes -= len(message)
	o.moved.Broadcast()
	return message, true
}

// close drops what waits and releases everybody who does.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut()
}

func (o *outbox) shut() {
	o.closed = true
	o.queue, o.bytes = nil, 0
	o.moved.Broadcast()
}
