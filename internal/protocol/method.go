package protocol

// Method names a request or notification. Names mirror the W3C ones.
type Method string

// Extension and native messaging host or endpoint. No document, so Doc is
// empty; a page can send none of these.
const (
	// Hello opens a connection: HelloParams, HelloResult.
	Hello Method = "hello"
	// DocumentOpen announces a document: DocumentOpenParams, no result. Sent
	// before the first message of that document.
	DocumentOpen Method = "document.open"
	// DocumentClose says that a document is gone: DocumentCloseParams, no
	// result. Its peer connections and captures end at once.
	DocumentClose Method = "document.close"
	// HostLogs asks the native messaging host, EndpointLogs the endpoint, for
	// its recent redacted log: no params, LogsResult.
	HostLogs     Method = "host.logs"
	EndpointLogs Method = "endpoint.logs"
	// DocumentStatus is a notification to the extension: DocumentStatusEvent.
	DocumentStatus Method = "document.status"
)

// Link state, to the extension and, with Doc set by the service worker, to
// each document.
const (
	// LinkChanged is a notification: LinkChangedEvent.
	LinkChanged Method = "link.changed"
	// LinkLossSeen is a page's notification that it has seen a lost link: no
	// params. What it sent before was meant for the endpoint that is gone, and
	// is dropped on the way.
	LinkLossSeen Method = "link.lossSeen"
)

// From the service worker to each document.
const (
	// DocumentSettings is a notification: DocumentSettingsEvent.
	DocumentSettings Method = "document.settings"
)

// Requests of a page. All have a result; where none is named it is {}.
//
//protogen:page
const (
	// DevicesEnumerate: no params, DevicesEnumerateResult.
	DevicesEnumerate Method = "devices.enumerate"
	// DevicesGetUserMedia: GetUserMediaParams, GetUserMediaResult.
	DevicesGetUserMedia Method = "devices.getUserMedia"

	// TrackClone: TrackCloneParams.
	TrackClone Method = "track.clone"
	// TrackSetEnabled: TrackSetEnabledParams. The reply means that no sample
	// captured from now on leaves the endpoint while disabled.
	TrackSetEnabled Method = "track.setEnabled"
	// TrackMix: TrackMixParams. Makes the track when it is new.
	TrackMix Method = "track.mix"
	// TrackStop: TrackStopParams.
	TrackStop Method = "track.stop"
	// TrackApplyConstraints: TrackApplyConstraintsParams, TrackSettings.
	TrackApplyConstraints Method = "track.applyConstraints"

	// PlayerUpdate: PlayerUpdateParams. Creates the player when it is new.
	PlayerUpdate Method = "player.update"
	// PlayerClose: PlayerCloseParams.
	PlayerClose Method = "player.close"

	// LevelsObserve: LevelsObserveParams. Replaces the set observed so far.
	LevelsObserve Method = "levels.observe"

	// CertificateGenerate: CertificateGenerateParams, CertificateGenerateResult.
	CertificateGenerate Method = "certificate.generate"

	// PCCreate: PCCreateParams, PCReply.
	PCCreate Method = "pc.create"
	// PCSetConfiguration: PCSetConfigurationParams, PCReply.
	PCSetConfiguration Method = "pc.setConfiguration"
	// PCCreateOffer: PCCreateOfferParams, PCDescriptionReply.
	PCCreateOffer Method = "pc.createOffer"
	// PCCreateAnswer: PCParams, PCDescriptionReply.
	PCCreateAnswer Method = "pc.createAnswer"
	// PCSetLocalDescription: PCSetDescriptionParams, PCReply.
	PCSetLocalDescription Method = "pc.setLocalDescription"
	// PCSetRemoteDescription: PCSetDescriptionParams, PCReply.
	PCSetRemoteDescription Method = "pc.setRemoteDescription"
	// PCAddIceCandidate: PCAddIceCandidateParams, PCReply.
	PCAddIceCandidate Method = "pc.addIceCandidate"
	// PCRestartIce: PCParams, PCReply.
	PCRestartIce Method = "pc.restartIce"
	// PCAddTransceiver: PCAddTransceiverParams, PCReply.
	PCAddTransceiver Method = "pc.addTransceiver"
	// PCAddTrack reuses a transceiver: PCAddTrackParams, PCReply.
	PCAddTrack Method = "pc.addTrack"
	// PCRemoveTrack: TransceiverParams, PCReply.
	PCRemoveTrack Method = "pc.removeTrack"
	// PCGetStats: PCGetStatsParams, PCGetStatsResult.
	PCGetStats Method = "pc.getStats"
	// PCClose: PCParams. Nothing follows it for that peer connection.
	PCClose Method = "pc.close"

	// TransceiverSetDirection: TransceiverSetDirectionParams, PCReply.
	TransceiverSetDirection Method = "transceiver.setDirection"
	// TransceiverStop: TransceiverParams, PCReply.
	TransceiverStop Method = "transceiver.stop"
	// TransceiverSetCodecPreferences: TransceiverSetCodecPreferencesParams, PCReply.
	TransceiverSetCodecPreferences Method = "transceiver.setCodecPreferences"

	// SenderReplaceTrack: SenderReplaceTrackParams, PCReply.
	SenderReplaceTrack Method = "sender.replaceTrack"
	// SenderSetStreams: SenderSetStreamsParams, PCReply.
	SenderSetStreams Method = "sender.setStreams"
	// SenderSetParameters: SenderSetParametersParams, PCReply.
	SenderSetParameters Method = "sender.setParameters"
	// SenderInsertDTMF: SenderInsertDTMFParams, PCReply.
	SenderInsertDTMF Method = "sender.insertDTMF"
	// ReceiverSetJitterBufferTarget: ReceiverSetJitterBufferTargetParams, PCReply.
	ReceiverSetJitterBufferTarget Method = "receiver.setJitterBufferTarget"

	// DataChannelCreate: DataChannelCreateParams, PCReply.
	DataChannelCreate Method = "dataChannel.create"
	// DataChannelSend: DataChannelSendParams. Bytes that wait are reported
	// by DataChannelBufferedAmount.
	DataChannelSend Method = "dataChannel.send"
	// DataChannelClose: DataChannelParams.
	DataChannelClose Method = "dataChannel.close"
)

// Notifications to a page.
const (
	// DevicesChanged: DevicesChangedEvent.
	DevicesChanged Method = "devices.changed"
	// TrackChanged: TrackChangedEvent.
	TrackChanged Method = "track.changed"
	// Levels: LevelsEvent.
	Levels Method = "levels"
	// PlayerChanged: PlayerChangedEvent.
	PlayerChanged Method = "player.changed"

	// PCChanged carries a snapshot that changed by itself: PCChangedEvent.
	PCChanged Method = "pc.changed"
	// PCIceCandidate: PCIceCandidateEvent.
	PCIceCandidate Method = "pc.iceCandidate"
	// PCIceCandidateError: PCIceCandidateErrorEvent.
	PCIceCandidateError Method = "pc.iceCandidateError"
	// PCDataChannel announces a channel that the far end opened: PCDataChannelEvent.
	PCDataChannel Method = "pc.dataChannel"
	// DTMFToneChange: DTMFToneChangeEvent.
	DTMFToneChange Method = "dtmf.toneChange"
	// ReceiverSources: ReceiverSourcesEvent.
	ReceiverSources Method = "receiver.sources"
	// DataChannelChanged: DataChannelChangedEvent.
	DataChannelChanged Method = "dataChannel.changed"
	// DataChannelMessage: DataChannelMessageEvent.
	DataChannelMessage Method = "dataChannel.message"
	// DataChannelBufferedAmount: DataChannelBufferedAmountEvent.
	DataChannelBufferedAmount Method = "dataChannel.bufferedAmount"
)
