package protocol

// HelloParams is the first message on every hop. The receiver refuses a
// protocol version that it does not speak with NotSupportedError.
type HelloParams struct {
	Version   int       `json:"version"`
	Component Component `json:"component"`
	// Features lists optional abilities by name; an unknown one is ignored.
	Features []string `json:"features,omitempty"`
	// Instance names one run of the extension, at random. What an earlier
	// connection of that run has left at the endpoint ends with this hello.
	Instance string `json:"instance,omitempty"`
}

// HelloResult answers HelloParams. Components names everything beyond the
// requester, nearest first: native messaging host, then endpoint.
type HelloResult struct {
	Version    int         `json:"version"`
	Components []Component `json:"components"`
	Features   []string    `json:"features,omitempty"`
}

// Component is one part of the product and its version.
type Component struct {
	// Name is "extension", "nativehost" or "endpoint".
	Name    string `json:"name"`
	Version string `json:"version"`
	// Platform is for people: "linux/amd64", or a browser's name and version.
	Platform string `json:"platform,omitempty"`
}

// LogsResult is a component's recent log: JSON lines, oldest first, redacted.
type LogsResult struct {
	Lines []string `json:"lines"`
}

// LinkState is the state of the way to the endpoint.
type LinkState string

// The link states.
const (
	LinkConnected LinkState = "connected"
	// LinkLost means that everything at the endpoint is gone: peer connections
	// count as failed and tracks as ended.
	LinkLost LinkState = "lost"
)

// LinkChangedEvent tells a document or the extension about the link.
type LinkChangedEvent struct {
	State LinkState `json:"state"`
	// Reason says for people what happened and what to do.
	Reason string `json:"reason,omitempty"`
}
