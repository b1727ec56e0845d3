package protocol

// Limits that each receiver enforces again. Sizes are in bytes.
const (
	// MaxMessage bounds one encoded message in either direction. Browsers
	// allow 1 MiB towards them, so nothing larger could ever be relayed.
	MaxMessage = 1 << 20
	// MaxSDP bounds one session description.
	MaxSDP = 256 << 10
	// MaxString bounds every other string unless its field says otherwise.
	MaxString = 8 << 10
	// MaxID bounds an identifier minted by a page.
	MaxID = 128
	// MaxDataChannelMessage bounds one data channel message before base64.
	MaxDataChannelMessage = 256 << 10
	// MaxDocuments bounds the documents of one link.
	MaxDocuments = 256
	// MaxPeerConnections bounds the open peer connections of one document.
	MaxPeerConnections = 64
	// MaxTransceivers bounds the transceivers of one peer connection.
	MaxTransceivers = 256
	// MaxDataChannels bounds the data channels of one peer connection.
	MaxDataChannels = 256
	// MaxCertificates bounds the certificates of one document.
	MaxCertificates = 64
	// MaxTracks bounds the live tracks of one document.
	MaxTracks = 1024
	// MaxPlayers bounds the media elements of one document that play
	// redirected tracks.
	MaxPlayers = 256
	// MaxGain bounds the linear gain of a track that goes into another one.
	MaxGain = 16
	// MaxQueuedRequests bounds the requests that wait in one document.
	MaxQueuedRequests = 4096
	// MaxListItems bounds every list in params unless another limit applies.
	MaxListItems = 256
)
