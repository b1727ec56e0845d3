package transport

import (
	"net"
	"slices"

	"github.com/pion/ice/v4"
)

// Candidate is a local candidate and where it came from.
type Candidate struct {
	// Line is "candidate:…" as SDP and RTCIceCandidate write it.
	Line string
	// Address and Port are the transport address.
	Address string
	Port    int
	// Type is "host", "srflx", "prflx" or "relay".
	Type string
	// URL is of the server that gave it; RelayProtocol is how that was reached.
	URL, RelayProtocol string
}

// CandidateError is a server that gave no candidate (WebRTC 1.0, section
// 4.8.3).
type CandidateError struct {
	URL  string
	Code int
	Text string
}

// candidate is the agent's callback; nil ends gathering.
func (g *Generation) candidate(c ice.Candidate) {
	if c == nil {
		g.mu.Lock()
		g.gathered = true
		g.mu.Unlock()
		g.reportSilentServers()
		if g.transport.config.OnGathered != nil {
			g.transport.config.OnGathered(g)
		}
		return
	}
	local := Candidate{
		Line:    "candidate:" + c.Marshal() + " generation 0 ufrag " + g.credentials.Ufrag,
		Address: c.Address(),
		Port:    c.Port(),
		Type:    c.Type().String(),
	}
	local.URL, local.RelayProtocol = g.origin(c)
	if g.transport.config.OnCandidate != nil {
		g.transport.config.OnCandidate(g, local)
	}
}

// origin finds the server that gave a candidate. The agent does not say, so
// among servers of the right kind the one on the relay's own address is taken,
// else the first.
func (g *Generation) origin(c ice.Candidate) (url, relayProtocol string) {
	var fits func(Server) bool
	switch c.Type() {
	case ice.CandidateTypeServerReflexive:
		fits = func(s Server) bool { return !s.relays() || s.relayProtocol() == "udp" }
	case ice.CandidateTypeRelay:
		if relay, ok := c.(*ice.CandidateRelay); ok {
			relayProtocol = relay.RelayProtocol()
		}
		fits = func(s Server) bool { return s.relays() && s.relayProtocol() == relayProtocol }
	default:
		return "", ""
	}
	for _, server := range g.servers {
		if !fits(server) {
			continue
		}
		if url == "" {
			url = server.URL
		}
		if ip := net.ParseIP(server.uri.Host); ip != nil && ip.String() == c.Address() {
			return server.URL, relayProtocol
		}
	}
	return url, relayProtocol
}

// reportSilentServers reports the servers of a kind that gave no candidate at
// all. 701 is "host not reachable" (WebRTC 1.0, section 4.8.3); the agent keeps
// the servers' own codes to itself.
func (g *Generation) reportSilentServers() {
	if g.transport.config.OnCandidateError == nil {
		return
	}
	candidates, err := g.agent.GetLocalCandidates()
	if err != nil {
		return
	}
	gave := func(kind ice.CandidateType) bool {
		return slices.ContainsFunc(candidates, func(c ice.Candidate) bool { return c.Type() == kind })
	}
	srflx, relay := gave(ice.CandidateTypeServerReflexive), gave(ice.CandidateTypeRelay)
	for _, server := range g.servers {
		text := ""
		switch {
		case server.relays() && !relay:
			text = "TURN allocate request failed or timed out."
		case !server.relays() && !srflx && !g.relayOnly:
			text = "STUN binding request timed out."
		default:
			continue
		}
		g.transport.config.OnCandidateError(g, CandidateError{URL: server.URL, Code: 701, Text: text})
	}
}
