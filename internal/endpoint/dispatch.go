package endpoint

import (
	"encoding/json"

	"nearend/internal/protocol"
)

// handler does one request and sees to its reply.
type handler func(d *document, id uint64, params json.RawMessage)

// handlers are the requests of a page.
var handlers = map[protocol.Method]handler{
	protocol.DevicesEnumerate:    beside((*document).enumerate),
	protocol.DevicesGetUserMedia: beside((*document).getUserMedia),

	protocol.TrackClone:            inOrder((*document).cloneTrack),
	protocol.TrackSetEnabled:       inOrder((*document).setEnabled),
	protocol.TrackMix:              inOrder((*document).mix),
	protocol.TrackStop:             inOrder((*document).stopTrack),
	protocol.TrackApplyConstraints: inOrder((*document).applyConstraints),

	protocol.PlayerUpdate:  inOrder((*document).updatePlayer),
	protocol.PlayerClose:   inOrder((*document).closePlayer),
	protocol.LevelsObserve: inOrder((*document).observeLevels),

	protocol.CertificateGenerate: beside((*document).generateCertificate),

	protocol.PCCreate: inOrder((*document).createPeerConnection),
	protocol.PCClose:  beside((*document).closePeerConnection),

	protocol.PCSetConfiguration:     ofPeer[protocol.PCSetConfigurationParams](protocol.PCSetConfiguration),
	protocol.PCCreateOffer:          ofPeer[protocol.PCCreateOfferParams](protocol.PCCreateOffer),
	protocol.PCCreateAnswer:         ofPeer[protocol.PCParams](protocol.PCCreateAnswer),
	protocol.PCSetLocalDescription:  ofPeer[protocol.PCSetDescriptionParams](protocol.PCSetLocalDescription),
	protocol.PCSetRemoteDescription: ofPeer[protocol.PCSetDescriptionParams](protocol.PCSetRemoteDescription),
	protocol.PCAddIceCandidate:      ofPeer[protocol.PCAddIceCandidateParams](protocol.PCAddIceCandidate),
	protocol.PCRestartIce:           ofPeer[protocol.PCParams](protocol.PCRestartIce),
	protocol.PCAddTransceiver:       ofPeer[protocol.PCAddTransceiverParams](protocol.PCAddTransceiver),
	protocol.PCAddTrack:             ofPeer[protocol.PCAddTrackParams](protocol.PCAddTrack),
	protocol.PCRemoveTrack:          ofPeer[protocol.TransceiverParams](protocol.PCRemoveTrack),
	protocol.PCGetStats:             ofPeer[protocol.PCGetStatsParams](protocol.PCGetStats),

	protocol.TransceiverSetDirection:        ofPeer[protocol.TransceiverSetDirectionParams](protocol.TransceiverSetDirection),
	protocol.TransceiverStop:                ofPeer[protocol.TransceiverParams](protocol.TransceiverStop),
	protocol.TransceiverSetCodecPreferences: ofPeer[protocol.TransceiverSetCodecPreferencesParams](protocol.TransceiverSetCodecPreferences),

	protocol.SenderReplaceTrack:            ofPeer[protocol.SenderReplaceTrackParams](protocol.SenderReplaceTrack),
	protocol.SenderSetStreams:              ofPeer[protocol.SenderSetStreamsParams](protocol.SenderSetStreams),
	protocol.SenderSetParameters:           ofPeer[protocol.SenderSetParametersParams](protocol.SenderSetParameters),
	protocol.SenderInsertDTMF:              ofPeer[protocol.SenderInsertDTMFParams](protocol.SenderInsertDTMF),
	protocol.ReceiverSetJitterBufferTarget: ofPeer[protocol.ReceiverSetJitterBufferTargetParams](protocol.ReceiverSetJitterBufferTarget),

	protocol.DataChannelCreate: ofPeer[protocol.DataChannelCreateParams](protocol.DataChannelCreate),
	protocol.DataChannelSend:   ofPeer[protocol.DataChannelSendParams](protocol.DataChannelSend),
	protocol.DataChannelClose:  ofPeer[protocol.DataChannelParams](protocol.DataChannelClose),
}

// dispatch does one request or hands it on.
func (d *document) dispatch(message *protocol.Message) {
	handle, ok := handlers[message.Method]
	if !ok {
		d.reply(message.ID, nil, unknownMethod(message.Method))
		return
	}
	handle(d, message.ID, message.Params)
}

// inOrder does a request before the next one is looked at.
func inOrder[P any](do func(*document, *P) (any, *protocol.Error)) handler {
	return func(d *document, id uint64, raw json.RawMessage) {
		params, failure := decode[P](raw)
		if failure != nil {
			d.reply(id, nil, failure)
			return
		}
		result, failure := do(d, params)
		d.reply(id, result, failure)
	}
}

// beside starts a request in order and lets the next ones overtake the rest:
// do runs at once, and what it returns, if that is not nil, runs in a
// goroutine of its own.
func beside[P any](do func(*document, *P) (func() (any, *protocol.Error), *protocol.Error)) handler {
	return func(d *document, id uint64, raw json.RawMessage) {
		params, failure := decode[P](raw)
		if failure != nil {
			d.reply(id, nil, failure)
			return
		}
		rest, failure := do(d, params)
		if failure != nil {
			d.reply(id, nil, failure)
			return
		}
		d.running.Go(func() {
			result, failure := rest()
			d.reply(id, result, failure)
		})
	}
}

// ofPeer checks a request and hands it to the peer connection that it names.
func ofPeer[P any](method protocol.Method) handler {
	return func(d *document, id uint64, raw json.RawMessage) {
		if _, failure := decode[P](raw); failure != nil {
			d.reply(id, nil, failure)
			return
		}
		named, failure := decode[protocol.PCParams](raw)
		if failure != nil {
			d.reply(id, nil, failure)
			return
		}
		if failure := d.handToPeer(named.PC, id, method, raw); failure != nil {
			d.reply(id, nil, failure)
		}
	}
}

func unknownMethod(method protocol.Method) *protocol.Error {
	const shown = 64
	name := string(method)
	if len(name) > shown {
		name = name[:shown] + "…"
	}
	return protocol.NewError(protocol.NotSupportedError, "unknown method "+name)
}
