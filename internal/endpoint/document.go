package endpoint

import (
	"sync"

	"nearend/internal/media"
	"nearend/internal/peer"
	"nearend/internal/protocol"
)

// document is what one page has in use. Its requests wait in a queue of at
// most protocol.MaxQueuedRequests; those beyond are refused.
type document struct {
	attachment *attachment
	id, origin string
	media      *media.Document
	queue      chan *protocol.Message
	// stopped is closed when the document is gone.
	stopped chan struct{}
	// running waits for the queue's goroutine and for requests that are done
	// beside it.
	running sync.WaitGroup

	mu   sync.Mutex
	gone bool
	// waiting are the requests without a reply and the peer connection, if
	// any, that will give it.
	waiting map[uint64]*peerConnection
	// connections are the peer connections that are not closed.
	connections map[string]*peerConnection
	// certificates are those that the page made; nil is one to come.
	certificates map[string]*peer.Certificate
	// tracks are the captured ones that have not ended.
	tracks  map[string]*track
	players map[string]struct{}
	// shown are the devices that the page chose from or saw last; nil before
	// it asked for any.
	shown []protocol.DeviceInfo

	reporting sync.Mutex
	// reported is the last status sent, guarded by reporting.
	reported protocol.DocumentStatusEvent
}

func newDocument(a *attachment, id, origin string) *document {
	d := &document{
		attachment:   a,
		id:           id,
		origin:       origin,
		queue:        make(chan *protocol.Message, protocol.MaxQueuedRequests),
		stopped:      make(chan struct{}),
		waiting:      make(map[uint64]*peerConnection),
		connections:  make(map[string]*peerConnection),
		certificates: make(map[string]*peer.Certificate),
		tracks:       make(map[string]*track),
		players:      make(map[string]struct{}),
		reported:     protocol.DocumentStatusEvent{Document: id},
	}
	d.media = a.endpoint.engine.Document(id, media.Events{
		TrackChanged: d.trackChanged,
		Levels:       d.levels,
		PlayerFailed: d.playerFailed,
	})
	d.running.Go(d.work)
	return d
}

// take queues a request. Only requests come from pages.
func (d *document) take(message *protocol.Message) {
	if message.ID == 0 {
		d.attachment.endpoint.config.Log.Debug().Msg("a page sent something that is not a request")
		return
	}
	d.mu.Lock()
	_, twice := d.waiting[message.ID]
	full := len(d.waiting) >= protocol.MaxQueuedRequests
	if !twice && !full {
		d.waiting[message.ID] = nil
	}
	d.mu.Unlock()
	switch {
	case twice:
		d.attachment.reply(d.id, message.ID, nil, protocol.NewError(protocol.DataError, "two requests have the same id"))
	case full:
		d.attachment.reply(d.id, message.ID, nil, protocol.NewError(protocol.OperationError, "too many requests are waiting"))
	default:
		d.queue <- message
	}
}

// work does the requests in order of arrival.
func (d *document) work() {
	for {
		select {
		case message := <-d.queue:
			d.dispatch(message)
		case <-d.stopped:
			return
		}
	}
}

// reply answers a request once; another reply to it is dropped, and so is one
// that comes after the document is gone.
func (d *document) reply(id uint64, result any, failure *protocol.Error) {
	d.mu.Lock()
	_, waits := d.waiting[id]
	delete(d.waiting, id)
	gone := d.gone
	d.mu.Unlock()
	if waits && !gone {
		d.attachment.reply(d.id, id, result, failure)
	}
}

func (d *document) notify(method protocol.Method, params any) {
	d.mu.Lock()
	gone := d.gone
	d.mu.Unlock()
	if !gone {
		d.attachment.notify(d.id, method, params, false)
	}
}

// changed sends document.status when it is not what was last sent.
func (d *document) changed() {
	// Held while sending, so that the last one sent is the true one.
	d.reporting.Lock()
	defer d.reporting.Unlock()
	if status := d.status(); status != d.reported {
		d.reported = status
		d.attachment.notify("", protocol.DocumentStatus, status, false)
	}
}

// status counts what is in use; nothing is, once the document is gone.
func (d *document) status() protocol.DocumentStatusEvent {
	d.mu.Lock()
	defer d.mu.Unlock()
	status := protocol.DocumentStatusEvent{Document: d.id}
	if d.gone {
		return status
	}
	status.PeerConnections = len(d.connections)
	for _, c := range d.connections {
		if c.connected {
			status.Connected++
		}
	}
	for _, t := range d.tracks {
		status.Capturing = status.Capturing || t.open
	}
	return status
}

// stop makes the document take nothing more. It does not block.
func (d *document) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = true
	close(d.stopped)
}

// close ends everything that the document has in use, waits for it and says
// so. It follows stop.
func (d *document) close() {
	d.mu.Lock()
	connections := d.connections
	d.connections = nil
	d.mu.Unlock()
	var closing sync.WaitGroup
	for _, c := range connections {
		closing.Go(c.close)
	}
	closing.Wait()
	d.media.Close()
	d.running.Wait()
	d.changed()
}
