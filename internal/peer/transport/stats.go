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
	s.Local = describeAll(g.agent.GetLocalCandidatesStats(), locals, g.credentials.Ufrag)
	s.Remote = describeAll(g.agent.GetRemoteCandidatesStats(), remotes, g.Remote().Ufrag)
	for i := range s.Local {
		for _, c := range locals {
			if shortID(c.ID()) == s.Local[i].ID {
				s.Local[i].URL, s.Local[i].RelayProtocol = g.origin(c)
			}
		}
	}
	selected, err := g.agent.GetSelectedCandidatePair()
	if err != nil {
		selected = nil
	}
	for _, pair := range g.agent.GetCandidatePairsStats() {
		local, remote := byID(s.Local, pair.LocalCandidateID), byID(s.Remote, pair.RemoteCandidateID)
		if local == nil || remote == nil {
			continue
		}
		s.Pairs = append(s.Pairs, PairStats{
			CandidatePairStats: pair, LocalID: local.ID, RemoteID: remote.ID,
			Status: pairState(pair.State), Writable: pair.State == ice.CandidatePairStateSucceeded,
			Selected: selected != nil && local.at(selected.Local) && remote.at(selected.Remote),
			Priority: pairPriority(g.Role() == "controlling", local.Priority, remote.Priority),
		})
	}
}

// describeAll lists all candidates of one side. The agent leaves link-local
// addresses out of what it lists, though it may use them, but not out of its
// statistics.
func describeAll(all []ice.CandidateStats, listed []ice.Candidate, ufrag string) []CandidateStats {
	views := make([]CandidateStats, len(all))
	for i, c := range all {
		views[i] = CandidateStats{
			ID: shortID(c.ID), Address: withoutZone(c.IP), Port: c.Port, Protocol: c.NetworkType.NetworkShort(),
			Type: c.CandidateType.String(), Priority: c.Priority, Ufrag: ufrag,
		}
		for _, full := range listed {
			if full.ID() != c.ID {
				continue
			}
			views[i].Foundation = full.Foundation()
			if related := full.RelatedAddress(); related != nil {
				views[i].RelatedAddress, views[i].RelatedPort = related.Address, related.Port
			}
			if full.TCPType() != ice.TCPTypeUnspecified {
				views[i].TCPType = full.TCPType().String()
			}
		}
	}
	return views
}

func byID(list []CandidateStats, id string) *CandidateStats {
	for i := range list {
		if list[i].ID == shortID(id) {
			return &list[i]
		}
	}
	return nil
}

// at compares transport addresses: what the agent returns as selected are
// copies with other ids.
func (c *CandidateStats) at(other ice.Candidate) bool {
	return c.Address == withoutZone(other.Address()) && c.Port == other.Port() && c.Protocol == other.NetworkType().NetworkShort()
}

func withoutZone(address string) string {
	address, _, _ = strings.Cut(address, "%")
	return address
}

// shortID is an id without the prefix that all of them have.
func shortID(id string) string { return strings.TrimPrefix(id, "candidate:") }

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
