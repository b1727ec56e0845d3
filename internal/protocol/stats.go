package protocol

// PCGetStatsParams asks for statistics. Track selects what concerns one track
// (WebRTC 1.0, section 8.2); empty means the whole connection. It is a local
// track's id or a ReceiverTrackID. SenderOf or ReceiverOf name a transceiver
// when a sender or receiver is asked.
type PCGetStatsParams struct {
	PC         string `json:"pc"`
	Track      string `json:"track,omitempty"`
	SenderOf   string `json:"senderOf,omitempty"`
	ReceiverOf string `json:"receiverOf,omitempty"`
}

// PCGetStatsResult is an RTCStatsReport. Member names, units and meaning are
// those of "Identifiers for WebRTC's Statistics API"; each list holds the
// dictionaries of one type, each of which the page gives its type member.
type PCGetStatsResult struct {
	Snapshot          Snapshot                 `json:"snapshot"`
	Codecs            []CodecStats             `json:"codecs,omitempty"`
	InboundRTP        []InboundRTPStats        `json:"inboundRtp,omitempty"`
	OutboundRTP       []OutboundRTPStats       `json:"outboundRtp,omitempty"`
	RemoteInboundRTP  []RemoteInboundRTPStats  `json:"remoteInboundRtp,omitempty"`
	RemoteOutboundRTP []RemoteOutboundRTPStats `json:"remoteOutboundRtp,omitempty"`
	MediaSources      []MediaSourceStats       `json:"mediaSources,omitempty"`
	MediaPlayouts     []MediaPlayoutStats      `json:"mediaPlayouts,omitempty"`
	PeerConnections   []PeerConnectionStats    `json:"peerConnections,omitempty"`
	DataChannels      []DataChannelStats       `json:"dataChannels,omitempty"`
	Transports        []TransportStats         `json:"transports,omitempty"`
	CandidatePairs    []CandidatePairStats     `json:"candidatePairs,omitempty"`
	LocalCandidates   []CandidateStats         `json:"localCandidates,omitempty"`
	RemoteCandidates  []CandidateStats         `json:"remoteCandidates,omitempty"`
	Certificates      []CertificateStats       `json:"certificates,omitempty"`
}

// StatsHead is what all dictionaries have (RTCStats). Timestamp is in
// milliseconds since 1970 by the endpoint's clock.
type StatsHead struct {
	ID        string  `json:"id"`
	Timestamp float64 `json:"timestamp"`
}

// CodecStats is RTCCodecStats.
type CodecStats struct {
	StatsHead
	PayloadType int    `json:"payloadType"`
	TransportID string `json:"transportId"`
	MimeType    string `json:"mimeType"`
	ClockRate   int    `json:"clockRate"`
	Channels    int    `json:"channels,omitempty"`
	SDPFmtpLine string `json:"sdpFmtpLine,omitempty"`
}

// RTPStreamStats is RTCRtpStreamStats.
type RTPStreamStats struct {
	StatsHead
	SSRC        uint32 `json:"ssrc"`
	Kind        string `json:"kind"`
	TransportID string `json:"transportId,omitempty"`
	CodecID     string `json:"codecId,omitempty"`
}

// InboundRTPStats is RTCInboundRtpStreamStats for audio. Times are in seconds.
type InboundRTPStats struct {
	RTPStreamStats
	TrackIdentifier                string   `json:"trackIdentifier"`
	Mid                            string   `json:"mid,omitempty"`
	RemoteID                       string   `json:"remoteId,omitempty"`
	PlayoutID                      string   `json:"playoutId,omitempty"`
	PacketsReceived                uint64   `json:"packetsReceived"`
	PacketsLost                    int64    `json:"packetsLost"`
	Jitter                         float64  `json:"jitter"`
	PacketsDiscarded               uint64   `json:"packetsDiscarded"`
	FECPacketsReceived             uint64   `json:"fecPacketsReceived"`
	FECPacketsDiscarded            uint64   `json:"fecPacketsDiscarded"`
	BytesReceived                  uint64   `json:"bytesReceived"`
	HeaderBytesReceived            uint64   `json:"headerBytesReceived"`
	LastPacketReceivedTimestamp    *float64 `json:"lastPacketReceivedTimestamp,omitempty"`
	NackCount                      uint64   `json:"nackCount"`
	TotalProcessingDelay           float64  `json:"totalProcessingDelay"`
	JitterBufferDelay              float64  `json:"jitterBufferDelay"`
	JitterBufferTargetDelay        float64  `json:"jitterBufferTargetDelay"`
	JitterBufferMinimumDelay       float64  `json:"jitterBufferMinimumDelay"`
	JitterBufferEmittedCount       uint64   `json:"jitterBufferEmittedCount"`
	TotalSamplesReceived           uint64   `json:"totalSamplesReceived"`
	ConcealedSamples               uint64   `json:"concealedSamples"`
	SilentConcealedSamples         uint64   `json:"silentConcealedSamples"`
	ConcealmentEvents              uint64   `json:"concealmentEvents"`
	InsertedSamplesForDeceleration uint64   `json:"insertedSamplesForDeceleration"`
	RemovedSamplesForAcceleration  uint64   `json:"removedSamplesForAcceleration"`
	AudioLevel                     float64  `json:"audioLevel"`
	TotalAudioEnergy               float64  `json:"totalAudioEnergy"`
	TotalSamplesDuration           float64  `json:"totalSamplesDuration"`
	EstimatedPlayoutTimestamp      *float64 `json:"estimatedPlayoutTimestamp,omitempty"`
}

// OutboundRTPStats is RTCOutboundRtpStreamStats for audio.
type OutboundRTPStats struct {
	RTPStreamStats
	Mid                      string  `json:"mid,omitempty"`
	MediaSourceID            string  `json:"mediaSourceId,omitempty"`
	RemoteID                 string  `json:"remoteId,omitempty"`
	PacketsSent              uint64  `json:"packetsSent"`
	BytesSent                uint64  `json:"bytesSent"`
	HeaderBytesSent          uint64  `json:"headerBytesSent"`
	RetransmittedPacketsSent uint64  `json:"retransmittedPacketsSent"`
	RetransmittedBytesSent   uint64  `json:"retransmittedBytesSent"`
	NackCount                uint64  `json:"nackCount"`
	TargetBitrate            float64 `json:"targetBitrate"`
	TotalPacketSendDelay     float64 `json:"totalPacketSendDelay"`
	Active                   bool    `json:"active"`
}

// RemoteInboundRTPStats is RTCRemoteInboundRtpStreamStats.
type RemoteInboundRTPStats struct {
	RTPStreamStats
	LocalID                   string   `json:"localId"`
	PacketsReceived           uint64   `json:"packetsReceived"`
	PacketsLost               int64    `json:"packetsLost"`
	Jitter                    float64  `json:"jitter"`
	RoundTripTime             *float64 `json:"roundTripTime,omitempty"`
	TotalRoundTripTime        float64  `json:"totalRoundTripTime"`
	FractionLost              float64  `json:"fractionLost"`
	RoundTripTimeMeasurements uint64   `json:"roundTripTimeMeasurements"`
}

// RemoteOutboundRTPStats is RTCRemoteOutboundRtpStreamStats.
type RemoteOutboundRTPStats struct {
	RTPStreamStats
	LocalID                   string   `json:"localId"`
	PacketsSent               uint64   `json:"packetsSent"`
	BytesSent                 uint64   `json:"bytesSent"`
	RemoteTimestamp           *float64 `json:"remoteTimestamp,omitempty"`
	ReportsSent               uint64   `json:"reportsSent"`
	RoundTripTime             *float64 `json:"roundTripTime,omitempty"`
	TotalRoundTripTime        float64  `json:"totalRoundTripTime"`
	RoundTripTimeMeasurements uint64   `json:"roundTripTimeMeasurements"`
}

// MediaSourceStats is RTCAudioSourceStats.
type MediaSourceStats struct {
	StatsHead
	TrackIdentifier           string   `json:"trackIdentifier"`
	Kind                      string   `json:"kind"`
	AudioLevel                float64  `json:"audioLevel"`
	TotalAudioEnergy          float64  `json:"totalAudioEnergy"`
	TotalSamplesDuration      float64  `json:"totalSamplesDuration"`
	EchoReturnLoss            *float64 `json:"echoReturnLoss,omitempty"`
	EchoReturnLossEnhancement *float64 `json:"echoReturnLossEnhancement,omitempty"`
}

// MediaPlayoutStats is RTCAudioPlayoutStats.
type MediaPlayoutStats struct {
	StatsHead
	Kind                       string  `json:"kind"`
	SynthesizedSamplesDuration float64 `json:"synthesizedSamplesDuration"`
	SynthesizedSamplesEvents   uint64  `json:"synthesizedSamplesEvents"`
	TotalSamplesDuration       float64 `json:"totalSamplesDuration"`
	TotalPlayoutDelay          float64 `json:"totalPlayoutDelay"`
	TotalSamplesCount          uint64  `json:"totalSamplesCount"`
}

// PeerConnectionStats is RTCPeerConnectionStats.
type PeerConnectionStats struct {
	StatsHead
	DataChannelsOpened uint64 `json:"dataChannelsOpened"`
	DataChannelsClosed uint64 `json:"dataChannelsClosed"`
}

// DataChannelStats is RTCDataChannelStats.
type DataChannelStats struct {
	StatsHead
	Label                 string `json:"label"`
	Protocol              string `json:"protocol"`
	DataChannelIdentifier *int   `json:"dataChannelIdentifier,omitempty"`
	State                 string `json:"state"`
	MessagesSent          uint64 `json:"messagesSent"`
	BytesSent             uint64 `json:"bytesSent"`
	MessagesReceived      uint64 `json:"messagesReceived"`
	BytesReceived         uint64 `json:"bytesReceived"`
}

// TransportStats is RTCTransportStats.
type TransportStats struct {
	StatsHead
	PacketsSent                  uint64 `json:"packetsSent"`
	PacketsReceived              uint64 `json:"packetsReceived"`
	BytesSent                    uint64 `json:"bytesSent"`
	BytesReceived                uint64 `json:"bytesReceived"`
	IceRole                      string `json:"iceRole,omitempty"`
	IceLocalUsernameFragment     string `json:"iceLocalUsernameFragment,omitempty"`
	DTLSState                    string `json:"dtlsState"`
	IceState                     string `json:"iceState"`
	SelectedCandidatePairID      string `json:"selectedCandidatePairId,omitempty"`
	LocalCertificateID           string `json:"localCertificateId,omitempty"`
	RemoteCertificateID          string `json:"remoteCertificateId,omitempty"`
	TLSVersion                   string `json:"tlsVersion,omitempty"`
	DTLSCipher                   string `json:"dtlsCipher,omitempty"`
	DTLSRole                     string `json:"dtlsRole,omitempty"`
	SRTPCipher                   string `json:"srtpCipher,omitempty"`
	SelectedCandidatePairChanges uint64 `json:"selectedCandidatePairChanges"`
}

// CandidatePairStats is RTCIceCandidatePairStats.
type CandidatePairStats struct {
	StatsHead
	TransportID                 string   `json:"transportId"`
	LocalCandidateID            string   `json:"localCandidateId"`
	RemoteCandidateID           string   `json:"remoteCandidateId"`
	State                       string   `json:"state"`
	Nominated                   bool     `json:"nominated"`
	Priority                    uint64   `json:"priority"`
	Writable                    bool     `json:"writable"`
	PacketsSent                 uint64   `json:"packetsSent"`
	PacketsReceived             uint64   `json:"packetsReceived"`
	BytesSent                   uint64   `json:"bytesSent"`
	BytesReceived               uint64   `json:"bytesReceived"`
	LastPacketSentTimestamp     *float64 `json:"lastPacketSentTimestamp,omitempty"`
	LastPacketReceivedTimestamp *float64 `json:"lastPacketReceivedTimestamp,omitempty"`
	TotalRoundTripTime          float64  `json:"totalRoundTripTime"`
	CurrentRoundTripTime        *float64 `json:"currentRoundTripTime,omitempty"`
	AvailableOutgoingBitrate    *float64 `json:"availableOutgoingBitrate,omitempty"`
	RequestsReceived            uint64   `json:"requestsReceived"`
	RequestsSent                uint64   `json:"requestsSent"`
	ResponsesReceived           uint64   `json:"responsesReceived"`
	ResponsesSent               uint64   `json:"responsesSent"`
	ConsentRequestsSent         uint64   `json:"consentRequestsSent"`
	PacketsDiscardedOnSend      uint64   `json:"packetsDiscardedOnSend"`
	BytesDiscardedOnSend        uint64   `json:"bytesDiscardedOnSend"`
}

// CandidateStats is RTCIceCandidateStats.
type CandidateStats struct {
	StatsHead
	TransportID      string `json:"transportId"`
	Address          string `json:"address"`
	IP               string `json:"ip"`
	Port             int    `json:"port"`
	Protocol         string `json:"protocol"`
	CandidateType    string `json:"candidateType"`
	Priority         uint32 `json:"priority"`
	URL              string `json:"url,omitempty"`
	RelayProtocol    string `json:"relayProtocol,omitempty"`
	Foundation       string `json:"foundation,omitempty"`
	RelatedAddress   string `json:"relatedAddress,omitempty"`
	RelatedPort      int    `json:"relatedPort,omitempty"`
	UsernameFragment string `json:"usernameFragment,omitempty"`
	TCPType          string `json:"tcpType,omitempty"`
	IsRemote         bool   `json:"isRemote"`
	NetworkType      string `json:"networkType,omitempty"`
}

// CertificateStats is RTCCertificateStats.
type CertificateStats struct {
	StatsHead
	Fingerprint          string `json:"fingerprint"`
	FingerprintAlgorithm string `json:"fingerprintAlgorithm"`
	Base64Certificate    string `json:"base64Certificate"`
	IssuerCertificateID  string `json:"issuerCertificateId,omitempty"`
}
