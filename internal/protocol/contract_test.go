package protocol_test

import (
	"reflect"

	. "nearend/internal/protocol"
)

// none stands for params or a result without members.
type none struct{}

// contract is what travels with a method. A nil result marks a notification.
type contract struct {
	params, result reflect.Type
}

func request[P, R any]() contract {
	return contract{reflect.TypeFor[P](), reflect.TypeFor[R]()}
}

func notification[P any]() contract {
	return contract{params: reflect.TypeFor[P]()}
}

// contracts says it for every method, as its comment in method.go does.
var contracts = map[Method]contract{
	Hello:            request[HelloParams, HelloResult](),
	DocumentOpen:     notification[DocumentOpenParams](),
	DocumentClose:    notification[DocumentCloseParams](),
	HostLogs:         request[none, LogsResult](),
	EndpointLogs:     request[none, LogsResult](),
	DocumentStatus:   notification[DocumentStatusEvent](),
	LinkChanged:      notification[LinkChangedEvent](),
	LinkLossSeen:     notification[none](),
	DocumentSettings: notification[DocumentSettingsEvent](),

	DevicesEnumerate:      request[none, DevicesEnumerateResult](),
	DevicesGetUserMedia:   request[GetUserMediaParams, GetUserMediaResult](),
	TrackClone:            request[TrackCloneParams, none](),
	TrackSetEnabled:       request[TrackSetEnabledParams, none](),
	TrackMix:              request[TrackMixParams, none](),
	TrackStop:             request[TrackStopParams, none](),
	TrackApplyConstraints: request[TrackApplyConstraintsParams, TrackSettings](),
	PlayerUpdate:          request[PlayerUpdateParams, none](),
	PlayerClose:           request[PlayerCloseParams, none](),
	LevelsObserve:         request[LevelsObserveParams, none](),

	CertificateGenerate:    request[CertificateGenerateParams, CertificateGenerateResult](),
	PCCreate:               request[PCCreateParams, PCReply](),
	PCSetConfiguration:     request[PCSetConfigurationParams, PCReply](),
	PCCreateOffer:          request[PCCreateOfferParams, PCDescriptionReply](),
	PCCreateAnswer:         request[PCParams, PCDescriptionReply](),
	PCSetLocalDescription:  request[PCSetDescriptionParams, PCReply](),
	PCSetRemoteDescription: request[PCSetDescriptionParams, PCReply](),
	PCAddIceCandidate:      request[PCAddIceCandidateParams, PCReply](),
	PCRestartIce:           request[PCParams, PCReply](),
	PCAddTransceiver:       request[PCAddTransceiverParams, PCReply](),
	PCAddTrack:             request[PCAddTrackParams, PCReply](),
	PCRemoveTrack:          request[TransceiverParams, PCReply](),
	PCGetStats:             request[PCGetStatsParams, PCGetStatsResult](),
	PCClose:                request[PCParams, none](),

	TransceiverSetDirection:        request[TransceiverSetDirectionParams, PCReply](),
	TransceiverStop:                request[TransceiverParams, PCReply](),
	TransceiverSetCodecPreferences: request[TransceiverSetCodecPreferencesParams, PCReply](),
	SenderReplaceTrack:             request[SenderReplaceTrackParams, PCReply](),
	SenderSetStreams:               request[SenderSetStreamsParams, PCReply](),
	SenderSetParameters:            request[SenderSetParametersParams, PCReply](),
	SenderInsertDTMF:               request[SenderInsertDTMFParams, PCReply](),
	ReceiverSetJitterBufferTarget:  request[ReceiverSetJitterBufferTargetParams, PCReply](),
	DataChannelCreate:              request[DataChannelCreateParams, PCReply](),
	DataChannelSend:                request[DataChannelSendParams, none](),
	DataChannelClose:               request[DataChannelParams, none](),

	DevicesChanged:            notification[DevicesChangedEvent](),
	TrackChanged:              notification[TrackChangedEvent](),
	Levels:                    notification[LevelsEvent](),
	PlayerChanged:             notification[PlayerChangedEvent](),
	PCChanged:                 notification[PCChangedEvent](),
	PCIceCandidate:            notification[PCIceCandidateEvent](),
	PCIceCandidateError:       notification[PCIceCandidateErrorEvent](),
	PCDataChannel:             notification[PCDataChannelEvent](),
	DTMFToneChange:            notification[DTMFToneChangeEvent](),
	ReceiverSources:           notification[ReceiverSourcesEvent](),
	DataChannelChanged:        notification[DataChannelChangedEvent](),
	DataChannelMessage:        notification[DataChannelMessageEvent](),
	DataChannelBufferedAmount: notification[DataChannelBufferedAmountEvent](),
}
