package endpoint

import (
	"encoding/json"

	"nearend/internal/peer"
	"nearend/internal/protocol"
)

// peerConnection is one peer connection of a document and the way of its
// replies and notifications to the page.
type peerConnection struct {
	document *document
	id       string
	peer     *peer.PeerConnection
	// connected is guarded by the document's lock.
	connected bool
}

// createPeerConnection does pc.create.
func (d *document) createPeerConnection(params *protocol.PCCreateParams) (any, *protocol.Error) {
	if failure := checkMinted("pc", params.PC); failure != nil {
		return nil, failure
	}
	d.mu.Lock()
	_, exists := d.connections[params.PC]
	count := len(d.connections)
	d.mu.Unlock()
	switch {
	case exists:
		return nil, protocol.NewError(protocol.InvalidStateError, "there is a peer connection of that id")
	case count >= protocol.MaxPeerConnections:
		return nil, protocol.NewError(protocol.QuotaExceededError, "too many peer connections are open")
	}
	certificate, failure := d.certificate(params.Configuration.Certificates)
	if failure != nil {
		return nil, failure
	}
	c := &peerConnection{document: d, id: params.PC}
	made, failure := peer.New(peer.Config{
		Media:       d.media,
		Out:         c,
		Log:         d.attachment.endpoint.config.Log.With().Str("pc", params.PC).Logger(),
		Status:      c.setConnected,
		Certificate: certificate,
		API:         d.attachment.endpoint.config.Network,
	}, *params)
	if failure != nil {
		return nil, failure
	}
	c.peer = made
	d.mu.Lock()
	gone := d.gone
	if !gone {
		d.connections[c.id] = c
	}
	d.mu.Unlock()
	if gone {
		made.Close()
		return nil, protocol.NewError(protocol.InvalidStateError, "the document is gone")
	}
	d.changed()
	return protocol.PCReply{Snapshot: made.Snapshot()}, nil
}

// closePeerConnection does pc.close: the id is free at once, requests that
// wait get no reply.
func (d *document) closePeerConnection(params *protocol.PCParams) (func() (any, *protocol.Error), *protocol.Error) {
	d.mu.Lock()
	c := d.connections[params.PC]
	delete(d.connections, params.PC)
	d.mu.Unlock()
	if c == nil {
		return nil, noPeerConnection()
	}
	d.changed()
	return func() (any, *protocol.Error) {
		c.close()
		return nil, nil
	}, nil
}

// handToPeer queues a request in the peer connection that will reply to it.
func (d *document) handToPeer(pc string, id uint64, method protocol.Method, params json.RawMessage) *protocol.Error {
	d.mu.Lock()
	c := d.connections[pc]
	if c != nil {
		d.waiting[id] = c
	}
	d.mu.Unlock()
	if c == nil {
		return noPeerConnection()
	}
	c.peer.Handle(id, method, params)
	return nil
}

// close ends the peer connection and forgets the requests that it will not
// reply to any more.
func (c *peerConnection) close() {
	c.peer.Close()
	d := c.document
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, owner := range d.waiting {
		if owner == c {
			delete(d.waiting, id)
		}
	}
}

// setConnected implements the status callback of peer.Config.
func (c *peerConnection) setConnected(connected bool) {
	c.document.mu.Lock()
	c.connected = connected
	c.document.mu.Unlock()
	c.document.changed()
}

// Reply implements peer.Out.
func (c *peerConnection) Reply(id uint64, result any, failure *protocol.Error) {
	c.document.reply(id, result, failure)
}

// Notify implements peer.Out.
func (c *peerConnection) Notify(method protocol.Method, params any) {
	c.document.notify(method, params)
}

// Pace implements peer.Pacer: the far end's data waits for the page to take
// what came before, which slows the far end down. Nothing else waits, so that
// the call's sound and reports go on.
func (c *peerConnection) Pace() { c.document.attachment.outbox.wait() }

func noPeerConnection() *protocol.Error {
	return protocol.NewError(protocol.InvalidStateError, "there is no peer connection of that id")
}
