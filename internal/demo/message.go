package demo

import "encoding/json"

// message is what pages, exchange and far end say to each other. The exchange
// fills in From.
type message struct {
	// Type is registered (exchange to page: To is its number), offer, answer,
	// candidate or bye.
	Type      string          `json:"type"`
	From      string          `json:"from,omitempty"`
	To        string          `json:"to,omitempty"`
	SDP       string          `json:"sdp,omitempty"`
	Candidate json.RawMessage `json:"candidate,omitempty"`
	// Reason says why in bye.
	Reason string `json:"reason,omitempty"`
}
