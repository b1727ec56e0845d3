package protocol

// DocumentOpenParams announces a document, one page or iframe with a shim in
// it. Everything here comes from the browser, never from the page.
type DocumentOpenParams struct {
	Document string `json:"document"`
	// Origin is the document's serialised origin, as the browser reports it.
	Origin string `json:"origin"`
	// TopOrigin is the origin of the tab's top document.
	TopOrigin string `json:"topOrigin,omitempty"`
}

// DocumentCloseParams says that a document is gone.
type DocumentCloseParams struct {
	Document string `json:"document"`
}

// DocumentStatusEvent says what a document has in use at the endpoint. Sent on
// every change.
type DocumentStatusEvent struct {
	Document string `json:"document"`
	// PeerConnections counts those not closed; Connected those whose
	// connectionState is "connected".
	PeerConnections int `json:"peerConnections"`
	Connected       int `json:"connected"`
	// Capturing is true while a microphone is open for this document.
	Capturing bool `json:"capturing"`
}

// DocumentSettingsEvent tells a document what its page may know about the
// product. The service worker sends it when the bridge opens, before the first
// LinkChanged, and again when something in it changed.
type DocumentSettingsEvent struct {
	// Connection names the present connection to the endpoint, for support
	// cases: a UUID without braces; empty while there is none.
	Connection string `json:"connection,omitempty"`
	// Components are the parts known: extension, native messaging host,
	// endpoint. Those beyond a link that is lost are absent.
	Components []Component `json:"components"`
}
