// Package endpoint is the role at the person's desk: it owns the peer
// connections and the audio of redirected documents, and does what their pages
// ask for over a link.
//
//	link ── attachment ─┬─ document ─┬─ peer connection
//	                    │            ├─ peer connection
//	                    │            └─ media: captures, tracks, players
//	                    └─ document …
//
// An attachment is one native messaging host at the other end of a link. It
// reads messages in order and hands each to its document, which has a queue
// and a goroutine of its own, so that one page cannot hold up another. The
// requests of a peer connection go on into that peer connection's queue.
//
// Whatever comes over a link was written by a page and is trusted for nothing:
// types, sizes, counts and rates are checked here, before anything is done.
package endpoint

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/deviceid"
	"nearend/internal/link"
	"nearend/internal/media"
	"nearend/internal/peer"
	"nearend/internal/protocol"
)

// ErrClosed means that the endpoint was closed.
var ErrClosed = errors.New("endpoint is closed")

// Config is what an endpoint works with.
type Config struct {
	// System is the sound hardware. It must outlive the endpoint.
	System audio.System
	// Salter makes device ids.
	Salter *deviceid.Salter
	// Network holds what peer connections share; nil means the defaults.
	Network *peer.API
	// Component is this process, for the handshake.
	Component protocol.Component
	// Logs returns the recent redacted log of this process.
	Logs func() []string
	Log  zerolog.Logger
}

// Endpoint serves links. Methods are safe for concurrent use.
type Endpoint struct {
	config Config
	engine *media.Engine

	mu          sync.Mutex
	closed      bool
	attachments map[*attachment]struct{}
	serving     sync.WaitGroup
}

// New returns an endpoint that serves nobody yet.
func New(config Config) *Endpoint {
	e := &Endpoint{
		config:      config,
		engine:      media.NewEngine(config.System, config.Log),
		attachments: make(map[*attachment]struct{}),
	}
	e.engine.WatchDevices(e.devicesChanged)
	return e
}

// Serve answers what comes over a link, which it then owns, until the link
// ends. Everything that was opened over the link has ended when it returns.
func (e *Endpoint) Serve(way link.Link) error {
	a := newAttachment(e, way)
	if !e.enter(a) {
		way.Close()
		return ErrClosed
	}
	defer e.leave(a)
	return a.serve()
}

// Close ends all links and waits for everything to end.
func (e *Endpoint) Close() {
	e.mu.Lock()
	e.closed = true
	for a := range e.attachments {
		a.way.Close()
	}
	e.mu.Unlock()
	e.serving.Wait()
	e.engine.Close()
}

func (e *Endpoint) enter(a *attachment) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.attachments[a] = struct{}{}
	e.serving.Add(1)
	return true
}

func (e *Endpoint) leave(a *attachment) {
	e.mu.Lock()
	delete(e.attachments, a)
	e.mu.Unlock()
	e.serving.Done()
}

// supersede ends the other attachments of an extension that has come back: its
// native messaging host is gone, even if the link does not know yet. The ids of
// its documents may mean others now.
func (e *Endpoint) supersede(a *attachment, instance string) {
	e.mu.Lock()
	var others []*attachment
	for other := range e.attachments {
		if other != a && other.instance == instance {
			others = append(others, other)
		}
	}
	a.instance = instance
	e.mu.Unlock()
	for _, other := range others {
		other.way.Close()
	}
}

// devicesChanged tells the documents that have looked at the devices.
func (e *Endpoint) devicesChanged(devices []audio.Device) {
	e.mu.Lock()
	attachments := slices.Collect(maps.Keys(e.attachments))
	e.mu.Unlock()
	for _, a := range attachments {
		for _, d := range a.all() {
			d.devicesChanged(devices)
		}
	}
}
