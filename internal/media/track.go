package media

import (
	"sync/atomic"
	"time"

	"nearend/internal/pcm"
)

// sink takes the frames of a track. take is called by the track's clock, must
// not block and must not keep the frame.
type sink interface {
	take(frame []int16, at time.Time)
}

// track is one MediaStreamTrack: audio of a source, with a state of its own.
type track struct {
	id      string
	owner   *Document
	enabled atomic.Bool
	meter   pcm.Meter
	sinks   atomic.Pointer[[]sink]

	// Guarded by Engine.mu.
	receiver *receiver // of receivers' tracks, nil before and after it exists
	origin   string    // id of the receiver's track that this one is, or is a clone of
	ended    bool

	// mixture makes the track of others; nil for one that has a source of its
	// own. It never changes.
	mixture *mixture

	chain atomic.Pointer[chain] // of captured tracks; changes under Engine.mu
	live  atomic.Bool           // its source feeds it
}

func newTrack(owner *Document, id string) *track {
	t := &track{id: id, owner: owner}
	t.enabled.Store(true)
	t.sinks.Store(&[]sink{})
	return t
}

// lives reports whether something feeds the track.
func (t *track) lives() bool {
	if t.mixture != nil {
		return t.mixture.leader() != nil
	}
	return t.live.Load()
}

var silence [pcm.FrameSamples]int16

// feed gives a frame to everything that uses the track. One goroutine at a time
// calls it.
func (t *track) feed(frame []int16, at time.Time) {
	if !t.enabled.Load() {
		frame = silence[:]
	}
	t.meter.Add(frame)
	for _, s := range *t.sinks.Load() {
		s.take(frame, at)
	}
}

// attach and detach change the sinks; Engine.mu is held.
func (t *track) attach(s sink) {
	old := *t.sinks.Load()
	sinks := append(old[:len(old):len(old)], s)
	t.sinks.Store(&sinks)
}

func (t *track) detach(s sink) {
	var sinks []sink
	for _, other := range *t.sinks.Load() {
		if other != s {
			sinks = append(sinks, other)
		}
	}
	t.sinks.Store(&sinks)
}

// feeds is the set of tracks that a source feeds, read without a lock.
type feeds struct {
	tracks atomic.Pointer[[]*track]
}

func (f *feeds) list() []*track {
	if p := f.tracks.Load(); p != nil {
		return *p
	}
	return nil
}

// add and remove change the set; Engine.mu is held.
func (f *feeds) add(t *track) {
	old := f.list()
	tracks := append(old[:len(old):len(old)], t)
	f.tracks.Store(&tracks)
	t.live.Store(true)
}

func (f *feeds) remove(t *track) {
	var tracks []*track
	for _, other := range f.list() {
		if other != t {
			tracks = append(tracks, other)
		}
	}
	f.tracks.Store(&tracks)
	t.live.Store(false)
}

func (f *feeds) feed(frame []int16, at time.Time) {
	for _, t := range f.list() {
		t.feed(frame, at)
	}
}
