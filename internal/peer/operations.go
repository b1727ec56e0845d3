package peer

import (
	"bytes"
	"encoding/json"
	"slices"

	"nearend/internal/protocol"
)

// operation decodes and runs one request under the lock and returns its
// result.
type operation func(*PeerConnection, json.RawMessage) (any, *protocol.Error)

// operations are the requests that a peer connection serves.
var operations = map[protocol.Method]operation{
	protocol.PCSetConfiguration:             changing((*PeerConnection).setConfiguration),
	protocol.PCCreateOffer:                  asking((*PeerConnection).createOffer),
	protocol.PCCreateAnswer:                 asking((*PeerConnection).createAnswer),
	protocol.PCSetLocalDescription:          changing((*PeerConnection).setLocalDescription),
	protocol.PCSetRemoteDescription:         changing((*PeerConnection).setRemoteDescription),
	protocol.PCAddIceCandidate:              changing((*PeerConnection).addIceCandidate),
	protocol.PCRestartIce:                   changing((*PeerConnection).restartIce),
	protocol.PCAddTransceiver:               changing((*PeerConnection).addTransceiver),
	protocol.PCAddTrack:                     changing((*PeerConnection).addTrack),
	protocol.PCRemoveTrack:                  changing((*PeerConnection).removeTrack),
	protocol.PCGetStats:                     asking((*PeerConnection).getStats),
	protocol.TransceiverSetDirection:        changing((*PeerConnection).setDirection),
	protocol.TransceiverStop:                changing((*PeerConnection).stopTransceiver),
	protocol.TransceiverSetCodecPreferences: changing((*PeerConnection).setCodecPreferences),
	protocol.SenderReplaceTrack:             changing((*PeerConnection).replaceTrack),
	protocol.SenderSetStreams:               changing((*PeerConnection).setStreams),
	protocol.SenderSetParameters:            changing((*PeerConnection).setParameters),
	protocol.SenderInsertDTMF:               changing((*PeerConnection).insertDTMF),
	protocol.ReceiverSetJitterBufferTarget:  changing((*PeerConnection).setJitterBufferTarget),
	protocol.DataChannelCreate:              changing((*PeerConnection).createDataChannel),
	protocol.DataChannelSend:                quiet((*PeerConnection).sendData),
	protocol.DataChannelClose:               quiet((*PeerConnection).closeDataChannel),
}

// Methods lists the requests that belong to a peer connection, pc.create
// excepted; their params all have a member pc.
func Methods() []protocol.Method {
	methods := []protocol.Method{protocol.PCClose}
	for method := range operations {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	return methods
}

// changing makes an operation that replies with a snapshot.
func changing[T any](run func(*PeerConnection, *T) *protocol.Error) operation {
	return asking(func(p *PeerConnection, params *T) (any, *protocol.Error) {
		if err := run(p, params); err != nil {
			return nil, err
		}
		return protocol.PCReply{Snapshot: p.snapshot()}, nil
	})
}

// quiet makes an operation that replies with an empty object.
func quiet[T any](run func(*PeerConnection, *T) *protocol.Error) operation {
	return asking(func(p *PeerConnection, params *T) (any, *protocol.Error) {
		if err := run(p, params); err != nil {
			return nil, err
		}
		return struct{}{}, nil
	})
}

// asking makes an operation with a result of its own.
func asking[T any](run func(*PeerConnection, *T) (any, *protocol.Error)) operation {
	return func(p *PeerConnection, raw json.RawMessage) (any, *protocol.Error) {
		params := new(T)
		if err := json.NewDecoder(bytes.NewReader(raw)).Decode(params); err != nil {
			return nil, protocol.NewError(protocol.TypeError, "malformed params")
		}
		return run(p, params)
	}
}

// handle runs one request and replies. It returns false when nothing may
// follow.
func (p *PeerConnection) handle(id uint64, method protocol.Method, params json.RawMessage) bool {
	p.lock()
	defer p.unlock()
	if method == protocol.PCClose {
		p.closed = true
		p.out.Reply(id, struct{}{}, nil)
		return false
	}
	run, ok := operations[method]
	if !ok {
		p.out.Reply(id, nil, protocol.NewError(protocol.NotSupportedError, "unknown method"))
		return true
	}
	result, err := run(p, params)
	if err != nil {
		result = nil
	}
	p.out.Reply(id, result, err)
	p.updateNegotiationNeeded()
	p.notifyChanged()
	return true
}

// changed says that the network changed something.
func (p *PeerConnection) changed() {
	p.lock()
	defer p.unlock()
	p.notifyChanged()
}

// notifyChanged sends a snapshot when there is something in it.
func (p *PeerConnection) notifyChanged() {
	if p.closed {
		return
	}
	if snapshot, ok := p.difference(); ok {
		p.out.Notify(protocol.PCChanged, protocol.PCChangedEvent{PC: p.id, Snapshot: snapshot})
	}
}

// later runs a task on the queue's goroutine under the lock. It is for callers
// that may not take the lock themselves.
func (p *PeerConnection) later(task func()) {
	p.queue.add(func() bool {
		p.lock()
		defer p.unlock()
		task()
		p.notifyChanged()
		return true
	})
}
