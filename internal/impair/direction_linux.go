package impair

import (
	"io"
	"sync"
	"time"
)

// maxPacket is the longest packet that a device can hand over.
const maxPacket = 65535

// direction carries packets from one device to the other along a path.
type direction struct {
	mu   sync.Mutex
	path *Path
	// changed says that the next arrival may be another one. It holds one
	// token; a second would say nothing more.
	changed chan struct{}
}

func newDirection(seed uint64) *direction {
	return &direction{path: NewPath(seed), changed: make(chan struct{}, 1)}
}

func (d *direction) set(c Conditions) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.path.Set(time.Now(), c)
}

func (d *direction) counters() Counters {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.path.Counters()
}

// read puts what from yields into the path until from is closed.
func (d *direction) read(from io.Reader) {
	buffer := make([]byte, maxPacket)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		d.mu.Lock()
		d.path.Put(time.Now(), append([]byte(nil), buffer[:n]...))
		d.mu.Unlock()
		select {
		case d.changed <- struct{}{}:
		default:
		}
	}
}

// write hands packets to the device when they are due, until stop.
func (d *direction) write(to io.Writer, stop <-chan struct{}) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-d.changed:
		case <-stop:
			return
		}
		timer.Reset(d.deliver(to))
	}
}

// deliver writes what has arrived and returns the time until the next arrival.
func (d *direction) deliver(to io.Writer) time.Duration {
	for {
		d.mu.Lock()
		packet, ok := d.path.Take(time.Now())
		next, more := d.path.Next()
		d.mu.Unlock()
		switch {
		case ok:
			// A device refuses what its end does not take; that packet is lost.
			_, _ = to.Write(packet)
		case more:
			return time.Until(next)
		default:
			return time.Hour
		}
	}
}
