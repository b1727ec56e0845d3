package media

import (
	"fmt"
	"strings"

	"nearend/internal/audio"
	"nearend/internal/rtpstream"
)

// receiverPrefix begins the ids of receivers' tracks, which may be cloned,
// disabled and played before their receiver exists.
const receiverPrefix = "rx:"

// Document is the audio of one document: its tracks, players and streams. It
// implements rtpstream.Media. Methods are safe for concurrent use.
type Document struct {
	engine *Engine
	id     string
	events Events
	levels *levels

	// Guarded by Engine.mu.
	closed  bool
	tracks  map[string]*track
	players map[string]*player
}

var _ rtpstream.Media = (*Document)(nil)

// Document opens a document. The caller closes it.
func (e *Engine) Document(id string, events Events) *Document {
	d := &Document{
		engine: e, id: id, events: events,
		tracks: map[string]*track{}, players: map[string]*player{},
	}
	d.levels = newLevels(d)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		d.closed = true
		return d
	}
	e.documents[d] = struct{}{}
	return d
}

// Close ends all tracks, players and streams of the document and waits for
// their goroutines.
func (d *Document) Close() error {
	e := d.engine
	e.mu.Lock()
	if d.closed {
		e.mu.Unlock()
		return nil
	}
	d.closed = true
	delete(e.documents, d)
	for _, p := range d.players {
		p.state.Playing = false
		e.arrange(p)
	}
	d.players = map[string]*player{}
	var unused []*microphone
	for _, t := range d.tracks {
		if m := e.end(t); m != nil {
			unused = append(unused, m)
		}
	}
	d.tracks = map[string]*track{}
	var senders []*sender
	for _, s := range e.streams.Load().senders {
		if s.document == d {
			senders = append(senders, s)
		}
	}
	var receivers []*receiver
	for _, r := range e.streams.Load().receivers {
		if r.track != nil && r.track.owner == d {
			receivers = append(receivers, r)
		}
	}
	e.plan()
	e.mu.Unlock()
	for _, m := range unused {
		m.close()
	}
	for _, s := range senders {
		s.Close()
	}
	for _, r := range receivers {
		r.Close()
	}
	d.levels.close()
	return nil
}

// NewSender implements rtpstream.Media.
func (d *Document) NewSender(c rtpstream.SenderConfig) (rtpstream.Sender, error) {
	s, err := newSender(d, c)
	if err != nil {
		return nil, fmt.Errorf("media: sending %s: %w", c.Codec.MimeType, err)
	}
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if d.closed {
		s.packetizer.close()
		return nil, ErrClosed
	}
	if err := e.connect(s, c.Track); err != nil {
		s.packetizer.close()
		return nil, err
	}
	e.addSender(s)
	go s.run()
	return s, nil
}

// NewReceiver implements rtpstream.Media.
func (d *Document) NewReceiver(c rtpstream.ReceiverConfig) (rtpstream.Receiver, error) {
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if d.closed {
		return nil, ErrClosed
	}
	t := d.track(c.Track)
	if t == nil {
		t = newTrack(d, c.Track)
		t.origin = c.Track
		d.tracks[c.Track] = t
	}
	if t.receiver != nil || t.chain.Load() != nil {
		return nil, fmt.Errorf("media: receiving %q: %w", c.Track, ErrTrackExists)
	}
	r := newReceiver(e, c)
	r.track = t
	e.addReceiver(r)
	for _, other := range d.tracks {
		if other.origin == c.Track && !other.ended {
			other.receiver = r
			r.add(other)
		}
	}
	e.plan()
	return r, nil
}

// track finds a track, or makes that of a receiver still to come; Engine.mu is
// held.
func (d *Document) track(id string) *track {
	t := d.tracks[id]
	if t == nil && strings.HasPrefix(id, receiverPrefix) {
		t = newTrack(d, id)
		t.origin = id
		d.tracks[id] = t
	}
	return t
}

func (d *Document) trackChanged(id string, muted, ended bool, device audio.Device) {
	if d.events.TrackChanged != nil {
		d.events.TrackChanged(id, muted, ended, device)
	}
}

func (d *Document) playerFailed(id string, err error) {
	if d.events.PlayerFailed != nil {
		d.events.PlayerFailed(id, err)
	}
}
