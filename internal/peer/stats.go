package peer

import "nearend/internal/protocol"

// getStats implements RTCPeerConnection.getStats.
func (p *PeerConnection) getStats(params *protocol.PCGetStatsParams) (any, *protocol.Error) {
	return protocol.PCGetStatsResult{Snapshot: p.snapshot()}, nil
}
