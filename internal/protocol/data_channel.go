package protocol

// DataChannelOptions is RTCDataChannelInit and the label.
type DataChannelOptions struct {
	Label             string `json:"label"`
	Protocol          string `json:"protocol"`
	Ordered           bool   `json:"ordered"`
	MaxPacketLifeTime *int   `json:"maxPacketLifeTime,omitempty"`
	MaxRetransmits    *int   `json:"maxRetransmits,omitempty"`
	Negotiated        bool   `json:"negotiated"`
	// ID is the SCTP stream, nil until known.
	ID *int `json:"id,omitempty"`
}

// DataChannelCreateParams creates a data channel.
type DataChannelCreateParams struct {
	PC      string             `json:"pc"`
	Channel string             `json:"channel"`
	Options DataChannelOptions `json:"options"`
}

// DataChannelParams names a data channel.
type DataChannelParams struct {
	PC      string `json:"pc"`
	Channel string `json:"channel"`
}

// DataChannelSendParams sends one message: Text, or Binary in base64 when
// IsBinary is set.
type DataChannelSendParams struct {
	PC       string `json:"pc"`
	Channel  string `json:"channel"`
	IsBinary bool   `json:"isBinary,omitempty"`
	Text     string `json:"text,omitempty"`
	Binary   []byte `json:"binary,omitempty"`
}

// PCDataChannelEvent is the datachannel event.
type PCDataChannelEvent struct {
	PC       string             `json:"pc"`
	Snapshot Snapshot           `json:"snapshot"`
	Channel  string             `json:"channel"`
	Options  DataChannelOptions `json:"options"`
	// State is the readyState, "open" or "connecting".
	State string `json:"state"`
}

// DataChannelChangedEvent says that a channel changed its state. The page
// fires open, error (when Error is set), closing and close from it.
type DataChannelChangedEvent struct {
	PC      string `json:"pc"`
	Channel string `json:"channel"`
	// State is the readyState.
	State string `json:"state"`
	ID    *int   `json:"id,omitempty"`
	Error *Error `json:"error,omitempty"`
}

// DataChannelMessageEvent is one message that arrived.
type DataChannelMessageEvent struct {
	PC       string `json:"pc"`
	Channel  string `json:"channel"`
	IsBinary bool   `json:"isBinary,omitempty"`
	Text     string `json:"text,omitempty"`
	Binary   []byte `json:"binary,omitempty"`
}

// DataChannelBufferedAmountEvent says how many bytes of all that the page has
// sent have left the endpoint's buffer; the page computes bufferedAmount as the
// difference to what it sent.
type DataChannelBufferedAmountEvent struct {
	PC      string `json:"pc"`
	Channel string `json:"channel"`
	Sent    uint64 `json:"sent"`
}
