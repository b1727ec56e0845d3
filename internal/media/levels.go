package media

import (
	"sync"
	"time"
)

// levelInterval is the time between level events.
const levelInterval = 30 * time.Millisecond

// levels reports the levels of observed tracks.
type levels struct {
	document *Document
	mu       sync.Mutex
	tracks   []string
	stop     chan struct{} // nil while nothing is observed
	wait     sync.WaitGroup
	closed   bool
}

func newLevels(d *Document) *levels { return &levels{document: d} }

// Observe sets the tracks whose levels are wanted.
func (d *Document) Observe(tracks []string) {
	l := d.levels
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tracks = append([]string(nil), tracks...)
	switch {
	case l.closed:
	case len(tracks) == 0 && l.stop != nil:
		close(l.stop)
		l.stop = nil
	case len(tracks) > 0 && l.stop == nil:
		stop := make(chan struct{})
		l.stop = stop
		l.wait.Go(func() { l.run(stop) })
	}
}

func (l *levels) run(stop chan struct{}) {
	ticker := time.NewTicker(levelInterval)
	defer ticker.Stop()
	sounding := false
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		list, any := l.read()
		if (any || sounding) && l.document.events.Levels != nil {
			l.document.events.Levels(list)
		}
		sounding = any
	}
}

// read returns the levels, and whether any is not zero.
func (l *levels) read() (list []Level, any bool) {
	l.mu.Lock()
	wanted := l.tracks
	l.mu.Unlock()
	e := l.document.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range wanted {
		t := l.document.tracks[id]
		if t == nil {
			continue
		}
		level := 0.0
		if t.lives() {
			level = t.meter.Level()
		}
		list = append(list, Level{Track: id, Level: level})
		any = any || level > 0
	}
	return list, any
}

// close ends the reports and waits.
func (l *levels) close() {
	l.mu.Lock()
	l.closed = true
	if l.stop != nil {
		close(l.stop)
		l.stop = nil
	}
	l.mu.Unlock()
	l.wait.Wait()
}
