package protocol

// Ids of peer connections, transceivers and data channels are minted by the
// page, unique within their document (peer connections) or peer connection.
// Transceivers and channels that the far end causes are named by the endpoint,
// with the prefix "e:", which a page may not use. A sender and a receiver are
// named by their transceiver.

// IceServer is RTCIceServer.
type IceServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// Configuration is RTCConfiguration with its defaults filled in.
type Configuration struct {
	IceServers           []IceServer `json:"iceServers"`
	IceTransportPolicy   string      `json:"iceTransportPolicy"`
	BundlePolicy         string      `json:"bundlePolicy"`
	RTCPMuxPolicy        string      `json:"rtcpMuxPolicy"`
	IceCandidatePoolSize int         `json:"iceCandidatePoolSize"`
	// Certificates are ids of certificates made by generateCertificate.
	Certificates []string `json:"certificates,omitempty"`
}

// Description is RTCSessionDescriptionInit.
type Description struct {
	// Type is "offer", "answer", "pranswer" or "rollback".
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

// IceCandidate is RTCIceCandidateInit.
type IceCandidate struct {
	Candidate        string  `json:"candidate"`
	SDPMid           *string `json:"sdpMid,omitempty"`
	SDPMLineIndex    *int    `json:"sdpMLineIndex,omitempty"`
	UsernameFragment *string `json:"usernameFragment,omitempty"`
}

// PCCreateParams creates a peer connection.
type PCCreateParams struct {
	PC            string        `json:"pc"`
	Configuration Configuration `json:"configuration"`
}

// PCParams names a peer connection.
type PCParams struct {
	PC string `json:"pc"`
}

// PCSetConfigurationParams changes the configuration; the page has checked
// what may change (WebRTC 1.0, section 4.4.1.6).
type PCSetConfigurationParams struct {
	PC            string        `json:"pc"`
	Configuration Configuration `json:"configuration"`
}

// PCCreateOfferParams is RTCOfferOptions; legacy offerToReceiveAudio has been
// turned into transceivers by the page (WebRTC 1.0, section 4.4.3.2).
type PCCreateOfferParams struct {
	PC         string `json:"pc"`
	IceRestart bool   `json:"iceRestart,omitempty"`
}

// PCSetDescriptionParams sets a description; nil means the implicit form of
// setLocalDescription.
type PCSetDescriptionParams struct {
	PC          string       `json:"pc"`
	Description *Description `json:"description,omitempty"`
}

// PCAddIceCandidateParams adds a remote candidate; nil means end of candidates
// for all.
type PCAddIceCandidateParams struct {
	PC        string        `json:"pc"`
	Candidate *IceCandidate `json:"candidate,omitempty"`
}

// PCReply is the result of most requests of a peer connection. The page
// applies the snapshot, fires the events that follow from it, then settles the
// promise.
type PCReply struct {
	Snapshot Snapshot `json:"snapshot"`
}

// PCDescriptionReply is the result of createOffer and createAnswer.
type PCDescriptionReply struct {
	Snapshot    Snapshot    `json:"snapshot"`
	Description Description `json:"description"`
}

// PCChangedEvent carries a snapshot that no request asked for.
type PCChangedEvent struct {
	PC       string   `json:"pc"`
	Snapshot Snapshot `json:"snapshot"`
}

// PCIceCandidateEvent is the icecandidate event; nil means end of gathering.
type PCIceCandidateEvent struct {
	PC        string             `json:"pc"`
	Snapshot  Snapshot           `json:"snapshot"`
	Candidate *GatheredCandidate `json:"candidate,omitempty"`
}

// GatheredCandidate is a local candidate and where it came from.
type GatheredCandidate struct {
	IceCandidate
	// URL is the STUN or TURN server's, empty for host candidates.
	URL string `json:"url,omitempty"`
	// RelayProtocol is "udp", "tcp" or "tls" for relay candidates.
	RelayProtocol string `json:"relayProtocol,omitempty"`
}

// PCIceCandidateErrorEvent is the icecandidateerror event.
type PCIceCandidateErrorEvent struct {
	PC        string `json:"pc"`
	Address   string `json:"address,omitempty"`
	Port      int    `json:"port,omitempty"`
	URL       string `json:"url"`
	ErrorCode int    `json:"errorCode"`
	ErrorText string `json:"errorText"`
}
