package transport

import (
	"strings"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
)

// Stats are the transport's counters and the active generation's candidates and
// pairs.
type Stats struct {
	PacketsSent, PacketsReceived, BytesSent, BytesReceived, PairChanges uint64
	// Cipher and Protection name the DTLS and SRTP ciphers, empty before the
	// handshake.
	Cipher, Protection string
	Pairs              []PairStats
	Local, Remote      []CandidateStats
}

// PairStats is one candidate pair. IDs are of Local and Remote.
type PairStats struct {
	ice.CandidatePairStats
	LocalID, RemoteID string
	// Status is the RTCStatsIceCandidatePairState.
	Status   string
	Selected bool
	Priority uint64
	Writable bool
}

// CandidateStats is one candidate.
type CandidateStats struct {
	ID, Address, Protocol, Type, URL, RelayProtocol string
	Foundation, RelatedAddress, TCPType, Ufrag      string
	Port, RelatedPort                               int
	Priority                                        uint32
}

// Stats returns a copy of all counters.
func (t *Transport) Stats() Stats {
	c := &t.counters
	stats := Stats{
		PacketsSent: c.packetsSent.Load(), PacketsReceived: c.packetsReceived.Load(),
		BytesSent: c.bytesSent.Load(), BytesReceived: c.bytesReceived.Load(), PairChanges: c.pairChanges.Load(),
	}
	if a := t.association.Load(); a != nil {
		a.mu.Lock()
		stats.Cipher = a.cipher
		stats.Protection = protectionName(a.profile)
		a.mu.Unlock()
	}
	return stats
}

// protectionName is the name of RFC 5764 and RFC 7714.
func protectionName(profile dtls.SRTPProtectionProfile) string {
	switch profile {
	case dtls.SRTP_AEAD_AES_256_GCM:
		return "SRTP_AEAD_AES_256_GCM"
	case dtls.SRTP_AEAD_AES_128_GCM:
		return "SRTP_AEAD_AES_128_GCM"
	case dtls.SRTP_AES128_CM_HMAC_SHA1_80:
		return "AES_CM_128_HMAC_SHA1_80"
	}
	return ""
}

// Describe adds a generation's candidates and pairs.
func (s *Stats) Describe(g *Generation) {
	locals, err := g.agent.GetLocalCandidates()
	if err != nil {
		return
	}
	remotes, err := g.agent.GetRemoteCandidates()
	if err != nil {
		return
	}
	ids := map[string]ice.Candidate{}
	for _, c := range locals {
		ids[c.ID()] = c
		view := describe(c, g.credentials.Ufrag)
		view.URL, view.RelayProtocol = g.origin(c)
		s.Local = append(s.Local, view)
	}
	for _, c := range remotes {
		ids[c.ID()] = c
		s.Remote = append(s.Remote, describe(c, g.Remote().Ufrag))
	}
	selected, err := g.agent.GetSelectedCandidatePair()
	if err != nil {
		selected = nil
	}
	for _, pair := range g.agent.GetCandidatePairsStats() {
		local, remote := ids[pair.LocalCandidateID], ids[pair.RemoteCandidateID]
		if local == nil || remote == nil {
			continue
		}
		view := PairStats{
			CandidatePairStats: pair, LocalID: shortID(local), RemoteID: shortID(remote),
			Status: pairState(pair.State), Writable: pair.State == ice.CandidatePairStateSucceeded,
		}
		// What the agent returns as selected are copies with other ids.
		view.Selected = selected != nil && local.Equal(selected.Local) && remote.Equal(selected.Remote)
		view.Priority = pairPriority(g.Role() == "controlling", local.Priority(), remote.Priority())
		s.Pairs = append(s.Pairs, view)
	}
}

func describe(c ice.Candidate, ufrag string) CandidateStats {
	view := CandidateStats{
		ID: shortID(c), Address: c.Address(), Port: c.Port(), Protocol: c.NetworkType().NetworkShort(),
		Type: c.Type().String(), Priority: c.Priority(), Foundation: c.Foundation(), Ufrag: ufrag,
	}
	if related := c.RelatedAddress(); related != nil {
		view.RelatedAddress, view.RelatedPort = related.Address, related.Port
	}
	if c.TCPType() != ice.TCPTypeUnspecified {
		view.TCPType = c.TCPType().String()
	}
	return view
}

// shortID is an id without the prefix that all of them have.
func shortID(c ice.Candidate) string { return strings.TrimPrefix(c.ID(), "candidate:") }

func pairState(state ice.CandidatePairState) string {
	switch state {
	case ice.CandidatePairStateWaiting:
		return "waiting"
	case ice.CandidatePairStateInProgress:
		return "in-progress"
	case ice.CandidatePairStateFailed:
		return "failed"
	case ice.CandidatePairStateSucceeded:
		return "succeeded"
	}
	return "frozen"
}

// pairPriority is RFC 8445, section 6.1.2.3.
func pairPriority(controlling bool, local, remote uint32) uint64 {
	g, d := uint64(local), uint64(remote)
	if !controlling {
		g, d = d, g
	}
	priority := min(g, d)<<32 + 2*max(g, d)
	if g > d {
		priority++
	}
	return priority
}
