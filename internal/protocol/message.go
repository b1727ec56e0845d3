package protocol

import "encoding/json"

// Message is the envelope of everything on the wire, shaped like JSON-RPC 2.0:
// a request has ID and Method, a reply has ID and either Result or Error, a
// notification has Method alone.
type Message struct {
	// Doc names the document that the message belongs to. The service worker
	// stamps it; a page cannot choose it. Empty for messages between the
	// extension itself and the native messaging host or endpoint.
	Doc string `json:"doc,omitempty"`
	// ID is minted by the requester, counts from 1 and is never used twice
	// within one document. Zero means notification.
	ID uint64 `json:"id,omitempty"`
	// Method names a request or notification.
	Method Method `json:"method,omitempty"`
	// Params is the method's own params struct.
	Params json.RawMessage `json:"params,omitempty"`
	// Result is the method's own result struct.
	Result json.RawMessage `json:"result,omitempty"`
	// Error is set instead of Result when the request failed.
	Error *Error `json:"error,omitempty"`
}
