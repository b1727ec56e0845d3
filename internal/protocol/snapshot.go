package protocol

// Snapshot is the state of a peer connection as the page must see it. Each
// section is whole, and present only when something in it changed since the
// last snapshot sent for that peer connection.
//
// The page derives the state events, track, mute, addtrack, removetrack and
// negotiationneeded from the difference, in the specification's order.
type Snapshot struct {
	// Seq counts the snapshots of one peer connection from 1.
	Seq          uint64        `json:"seq"`
	States       *States       `json:"states,omitempty"`
	Descriptions *Descriptions `json:"descriptions,omitempty"`
	// Transceivers are in the order of getTransceivers. A transceiver that is
	// absent here but known to the page either was created by a request that
	// the endpoint has not processed yet (then it is kept), or has been removed
	// by stop or rollback and is named in Removed of the same section.
	Transceivers *Transceivers `json:"transceivers,omitempty"`
	Transport    *Transport    `json:"transport,omitempty"`
	SCTP         *SCTP         `json:"sctp,omitempty"`
}

// States are the states of RTCPeerConnection, with the specification's enum
// values as strings.
type States struct {
	Signaling     string `json:"signaling"`
	IceGathering  string `json:"iceGathering"`
	IceConnection string `json:"iceConnection"`
	Connection    string `json:"connection"`
	// NegotiationNeeded is the slot [[NegotiationNeeded]] (WebRTC 1.0, section
	// 4.7.3). The page fires the event when it becomes true, once its own
	// chain of operations is empty.
	NegotiationNeeded bool `json:"negotiationNeeded"`
	// CanTrickle is canTrickleIceCandidates; nil is null.
	CanTrickle *bool `json:"canTrickle,omitempty"`
}

// Descriptions are the four description slots; nil is null. Local ones contain
// the candidates gathered so far.
type Descriptions struct {
	CurrentLocal  *Description `json:"currentLocal,omitempty"`
	PendingLocal  *Description `json:"pendingLocal,omitempty"`
	CurrentRemote *Description `json:"currentRemote,omitempty"`
	PendingRemote *Description `json:"pendingRemote,omitempty"`
}

// Transceivers is the list section of a snapshot.
type Transceivers struct {
	List    []Transceiver `json:"list"`
	Removed []string      `json:"removed,omitempty"`
}

// Transceiver is the state of one RTCRtpTransceiver with its sender and
// receiver.
type Transceiver struct {
	ID string `json:"id"`
	// Kind is "audio", or "video" for a line that the far end offered and that
	// is answered inactive.
	Kind string `json:"kind"`
	// Mid is nil until negotiated.
	Mid *string `json:"mid,omitempty"`
	// Direction is the preferred one, CurrentDirection the negotiated one;
	// nil is null. Both are "stopped" once stopped.
	Direction        string  `json:"direction"`
	CurrentDirection *string `json:"currentDirection,omitempty"`
	// FiredDirection is the slot [[FiredDirection]].
	FiredDirection *string  `json:"firedDirection,omitempty"`
	Stopped        bool     `json:"stopped"`
	Stopping       bool     `json:"stopping"`
	Sender         Sender   `json:"sender"`
	Receiver       Receiver `json:"receiver"`
}

// Sender is the state of one RTCRtpSender.
type Sender struct {
	// CanInsertDTMF says whether telephone-event was negotiated for a sending
	// direction (WebRTC 1.0, section 7.2).
	CanInsertDTMF bool          `json:"canInsertDTMF"`
	Parameters    RTPParameters `json:"parameters"`
}

// Receiver is the state of one RTCRtpReceiver.
type Receiver struct {
	// Track is the far end's track id as the W3C API shows it; the endpoint's
	// own name for the audio is ReceiverTrackID.
	Track string `json:"track"`
	// Streams are the ids of the remote streams that the track is in.
	Streams []string `json:"streams"`
	// Muted is MediaStreamTrack.muted.
	Muted      bool          `json:"muted"`
	Parameters RTPParameters `json:"parameters"`
}

// RTPParameters is RTCRtpSendParameters or RTCRtpReceiveParameters without the
// transaction id, which the page mints.
type RTPParameters struct {
	Encodings        []Encoding        `json:"encodings,omitempty"`
	HeaderExtensions []HeaderExtension `json:"headerExtensions"`
	Codecs           []Codec           `json:"codecs"`
	CNAME            string            `json:"cname,omitempty"`
	ReducedSize      bool              `json:"reducedSize"`
}

// Encoding is RTCRtpEncodingParameters for audio.
type Encoding struct {
	Active          bool     `json:"active"`
	MaxBitrate      *int     `json:"maxBitrate,omitempty"`
	Priority        string   `json:"priority,omitempty"`
	NetworkPriority string   `json:"networkPriority,omitempty"`
	MaxPacketTime   *float64 `json:"maxPacketTime,omitempty"`
}

// HeaderExtension is RTCRtpHeaderExtensionParameters.
type HeaderExtension struct {
	URI       string `json:"uri"`
	ID        int    `json:"id"`
	Encrypted bool   `json:"encrypted"`
}

// Codec is RTCRtpCodecParameters. In codec preferences PayloadType is zero and
// ignored.
type Codec struct {
	PayloadType int    `json:"payloadType"`
	MimeType    string `json:"mimeType"`
	ClockRate   int    `json:"clockRate"`
	Channels    int    `json:"channels,omitempty"`
	SDPFmtpLine string `json:"sdpFmtpLine,omitempty"`
}

// Transport is the one ICE and DTLS transport that everything is bundled on.
type Transport struct {
	// IceRole is "controlling", "controlled" or "" while unknown.
	IceRole string `json:"iceRole,omitempty"`
	// IceState, DTLSState and GatheringState are the transports' own.
	IceState       string `json:"iceState"`
	GatheringState string `json:"gatheringState"`
	DTLSState      string `json:"dtlsState"`
	// SelectedPair is nil until one is nominated.
	SelectedPair     *CandidatePair `json:"selectedPair,omitempty"`
	LocalParameters  *IceParameters `json:"localParameters,omitempty"`
	RemoteParameters *IceParameters `json:"remoteParameters,omitempty"`
	LocalCandidates  []IceCandidate `json:"localCandidates,omitempty"`
	RemoteCandidates []IceCandidate `json:"remoteCandidates,omitempty"`
	// RemoteCertificates are DER, base64.
	RemoteCertificates []string `json:"remoteCertificates,omitempty"`
}

// IceParameters is RTCIceParameters.
type IceParameters struct {
	UsernameFragment string `json:"usernameFragment"`
	Password         string `json:"password"`
}

// CandidatePair is RTCIceCandidatePair.
type CandidatePair struct {
	Local  IceCandidate `json:"local"`
	Remote IceCandidate `json:"remote"`
}

// SCTP is the state of RTCSctpTransport.
type SCTP struct {
	State string `json:"state"`
	// MaxMessageSize is in bytes; zero means unlimited.
	MaxMessageSize int `json:"maxMessageSize"`
	// MaxChannels is zero until known.
	MaxChannels int `json:"maxChannels,omitempty"`
}
