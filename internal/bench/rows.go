package main

import "math"

// row is one comparison.
type row struct {
	ID   string `json:"id"`
	What string `json:"what"`
	Unit string `json:"unit"`
	// Ours is the redirected call's, Peer native Chromium's, Ratio the one by
	// the other, Goal the ratio that is aimed at.
	Ours  float64 `json:"ours"`
	Peer  float64 `json:"peer"`
	Ratio float64 `json:"ratio"`
	Goal  float64 `json:"goal"`
	Met   bool    `json:"met"`
	// MoreIsBetter says that Ratio is to reach Goal and not to stay below it.
	MoreIsBetter bool `json:"moreIsBetter,omitempty"`
	// OursDetails and PeerDetails are what else was seen of the same calls.
	OursDetails *details `json:"oursDetails,omitempty"`
	PeerDetails *details `json:"peerDetails,omitempty"`
}

// judged fills in Ratio and Met.
func (r row) judged() row {
	r.Ours, r.Peer = round(r.Ours), round(r.Peer)
	if r.Peer > 0 {
		r.Ratio = round(r.Ours / r.Peer)
	}
	if r.MoreIsBetter {
		r.Met = r.Ratio >= r.Goal
	} else {
		r.Met = r.Peer > 0 && r.Ratio <= r.Goal
	}
	return r
}

// compareSides makes the rows. Processor time and memory of native messaging
// host and endpoint stand beside those of the whole native browser, which does
// the same work.
func compareSides(ours, peer side) []row {
	rows := []row{
		{ID: "setup", What: "Call set-up", Unit: "ms", Ours: ours.setup, Peer: peer.setup, Goal: 1.2},
		{ID: "mouth_to_ear", What: "Mouth to ear", Unit: "ms", Ours: ours.mouthToEar, Peer: peer.mouthToEar, Goal: 0.6},
		{ID: "api_round_trip", What: "createOffer", Unit: "ms", Ours: ours.createOffer, Peer: peer.createOffer, Goal: 2},
		{ID: "cpu_session_host", What: "Processor: browser and native messaging host in a call", Unit: "% of a core", Ours: ours.browser + ours.host, Peer: peer.browser, Goal: 0.05},
		{ID: "cpu_endpoint", What: "Processor: endpoint in a call", Unit: "% of a core", Ours: ours.endpoint, Peer: peer.browser, Goal: 0.3},
		{ID: "rss_host", What: "Memory: native messaging host", Unit: "MB", Ours: ours.hostMemory, Peer: peer.browserMemory, Goal: 0.05},
		{ID: "rss_endpoint", What: "Memory: endpoint", Unit: "MB", Ours: ours.endpointMemory, Peer: peer.browserMemory, Goal: 0.1},
	}
	for i := range rows {
		rows[i] = rows[i].judged()
	}
	return rows
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }
