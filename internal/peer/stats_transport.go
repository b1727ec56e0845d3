package peer

import (
	"encoding/base64"
	"time"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// transport lists the transport with its certificates, and the candidates and
// pairs: all of them, or for a selector those of the selected pair.
func (r *report) transport(whole bool) {
	p := r.p
	if p.ice.current == nil {
		return
	}
	g := p.ice.current.Generation
	if active := p.transport.Active(); active != nil {
		g = active
	}
	stats := p.transport.Stats()
	stats.Describe(g)
	view := protocol.TransportStats{
		StatsHead: r.head(transportID), PacketsSent: stats.PacketsSent, PacketsReceived: stats.PacketsReceived,
		BytesSent: stats.BytesSent, BytesReceived: stats.BytesReceived,
		IceRole: g.Role(), IceLocalUsernameFragment: g.Credentials().Ufrag,
		DTLSState: p.transport.DTLSState(), IceState: p.iceConnectionState(),
		DTLSCipher: stats.Cipher, SRTPCipher: stats.Protection, SelectedCandidatePairChanges: stats.PairChanges,
	}
	if stats.Cipher != "" {
		view.TLSVersion = "FEFD"
	}
	if client, ok := p.transport.Client(); ok {
		view.DTLSRole = "server"
		if client {
			view.DTLSRole = "client"
		}
	}
	view.LocalCertificateID = r.certificate(p.transport.Certificate().DER())
	if a := p.transport.Association(); a != nil {
		view.RemoteCertificateID = r.certificate(a.RemoteCertificate())
	}
	used := map[string]bool{}
	for _, pair := range stats.Pairs {
		if pair.Selected {
			view.SelectedCandidatePairID = pairID(pair)
		}
		if whole || pair.Selected {
			used[pair.LocalID], used[pair.RemoteID] = true, true
			r.CandidatePairs = append(r.CandidatePairs, r.pair(pair))
		}
	}
	for _, c := range stats.Local {
		if whole || used[c.ID] {
			r.LocalCandidates = append(r.LocalCandidates, r.candidate(c, false))
		}
	}
	for _, c := range stats.Remote {
		if whole || used[c.ID] {
			r.RemoteCandidates = append(r.RemoteCandidates, r.candidate(c, true))
		}
	}
	r.Transports = []protocol.TransportStats{view}
}

// certificate lists a certificate and returns its id.
func (r *report) certificate(der []byte) string {
	if der == nil {
		return ""
	}
	fingerprint := transport.Fingerprint("sha-256", der)
	id := "CF" + fingerprint
	r.Certificates = append(r.Certificates, protocol.CertificateStats{
		StatsHead: r.head(id), Fingerprint: fingerprint, FingerprintAlgorithm: "sha-256",
		Base64Certificate: base64.StdEncoding.EncodeToString(der),
	})
	return id
}

func pairID(pair transport.PairStats) string { return "CP" + pair.LocalID + "_" + pair.RemoteID }

func (r *report) pair(pair transport.PairStats) protocol.CandidatePairStats {
	view := protocol.CandidatePairStats{
		StatsHead: r.head(pairID(pair)), TransportID: transportID,
		LocalCandidateID: "I" + pair.LocalID, RemoteCandidateID: "I" + pair.RemoteID,
		State: pair.Status, Nominated: pair.Nominated, Priority: pair.Priority, Writable: pair.Writable,
		PacketsSent: uint64(pair.PacketsSent), PacketsReceived: uint64(pair.PacketsReceived),
		BytesSent: pair.BytesSent, BytesReceived: pair.BytesReceived,
		LastPacketSentTimestamp:     moment(pair.LastPacketSentTimestamp),
		LastPacketReceivedTimestamp: moment(pair.LastPacketReceivedTimestamp),
		TotalRoundTripTime:          pair.TotalRoundTripTime,
		RequestsReceived:            pair.RequestsReceived, RequestsSent: pair.RequestsSent,
		ResponsesReceived: pair.ResponsesReceived, ResponsesSent: pair.ResponsesSent,
		ConsentRequestsSent: pair.ConsentRequestsSent,
	}
	if pair.ResponsesReceived > 0 {
		view.CurrentRoundTripTime = &pair.CurrentRoundTripTime
	}
	return view
}

func (r *report) candidate(c transport.CandidateStats, remote bool) protocol.CandidateStats {
	return protocol.CandidateStats{
		StatsHead: r.head("I" + c.ID), TransportID: transportID, Address: c.Address, IP: c.Address, Port: c.Port,
		Protocol: c.Protocol, CandidateType: c.Type, Priority: c.Priority, URL: c.URL, RelayProtocol: c.RelayProtocol,
		Foundation: c.Foundation, RelatedAddress: c.RelatedAddress, RelatedPort: c.RelatedPort,
		UsernameFragment: c.Ufrag, TCPType: c.TCPType, IsRemote: remote,
	}
}

// moment is a time in milliseconds, nil for never.
func moment(at time.Time) *float64 {
	if at.IsZero() || at.Unix() <= 0 {
		return nil
	}
	ms := milliseconds(at)
	return &ms
}
