package peer

import (
	"strconv"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// codec lists a codec once and returns its id. way is "I" or "O".
func (r *report) codec(way string, c sdp.Codec) string {
	id := "C" + way + transportID + "_" + strconv.Itoa(int(c.PayloadType))
	if r.codecs[id] {
		return id
	}
	r.codecs[id] = true
	s := streamCodec(c)
	r.Codecs = append(r.Codecs, protocol.CodecStats{
		StatsHead: r.head(id), TransportID: transportID, PayloadType: int(s.PayloadType), MimeType: s.MimeType,
		ClockRate: int(s.ClockRate), Channels: int(s.Channels), SDPFmtpLine: s.Fmtp,
	})
	return id
}

// outbound lists a sender's outbound-rtp, media-source and remote-inbound-rtp.
func (r *report) outbound(t *transceiver) {
	s := t.sender
	if s.stream == nil || t.codecs.send == nil {
		return
	}
	stats := s.stream.Stats()
	stream := protocol.RTPStreamStats{
		StatsHead: r.head(ssrcID("O", s.ssrc)), SSRC: s.ssrc, Kind: "audio", TransportID: transportID,
		CodecID: r.codec("O", *t.codecs.send),
	}
	out := protocol.OutboundRTPStats{
		RTPStreamStats: stream, Mid: t.mid,
		PacketsSent: stats.PacketsSent, BytesSent: stats.BytesSent, HeaderBytesSent: stats.HeaderBytesSent,
		TargetBitrate: stats.TargetBitrate, TotalPacketSendDelay: stats.TotalSendDelay.Seconds(),
		Active: t.sending() && s.encodings[0].Active,
	}
	if s.track != "" {
		out.MediaSourceID = "SA" + t.id
		r.MediaSources = append(r.MediaSources, protocol.MediaSourceStats{
			StatsHead: r.head(out.MediaSourceID), TrackIdentifier: s.track, Kind: "audio",
			AudioLevel: stats.Source.AudioLevel, TotalAudioEnergy: stats.Source.TotalAudioEnergy,
			TotalSamplesDuration: stats.Source.TotalSamplesDuration,
			EchoReturnLoss:       stats.Source.ERL, EchoReturnLossEnhancement: stats.Source.ERLE,
		})
	}
	s.remote.mu.Lock()
	defer s.remote.mu.Unlock()
	out.NackCount = s.remote.nacks
	if !s.remote.at.IsZero() {
		out.RemoteID = ssrcID("RI", s.ssrc)
		r.remoteInbound(&s.remote, stream, out)
	}
	r.OutboundRTP = append(r.OutboundRTP, out)
}

// remoteInbound lists what the far end reported last; the lock is held.
func (r *report) remoteInbound(remote *remoteInbound, stream protocol.RTPStreamStats, out protocol.OutboundRTPStats) {
	lost := int64(int32(remote.last.TotalLost<<8) >> 8) // 24 bits, signed
	stream.StatsHead = protocol.StatsHead{ID: out.RemoteID, Timestamp: milliseconds(remote.at)}
	view := protocol.RemoteInboundRTPStats{
		RTPStreamStats: stream, LocalID: out.ID, PacketsLost: lost,
		PacketsReceived: uint64(max(int64(out.PacketsSent)-lost, 0)),
		FractionLost:    float64(remote.last.FractionLost) / 256,
		RoundTripTime:   remote.roundTrip, TotalRoundTripTime: remote.roundTrips,
		RoundTripTimeMeasurements: remote.measurements,
	}
	if clock := remote.clock; clock > 0 {
		view.Jitter = float64(remote.last.Jitter) / float64(clock)
	}
	r.RemoteInboundRTP = append(r.RemoteInboundRTP, view)
}

// inbound lists a receiver's inbound-rtp and remote-outbound-rtp, once a source
// is known.
func (r *report) inbound(t *transceiver) {
	if t.receiver.stream == nil || !t.receiving() {
		return
	}
	stats := t.receiver.stream.Stats()
	ssrc := stats.SSRC
	if stats.PacketsReceived == 0 {
		if len(t.remoteSSRCs) == 0 {
			return
		}
		ssrc = t.remoteSSRCs[0]
	}
	view := protocol.InboundRTPStats{
		RTPStreamStats: protocol.RTPStreamStats{
			StatsHead: r.head(ssrcID("I", ssrc)), SSRC: ssrc, Kind: "audio", TransportID: transportID,
		},
		TrackIdentifier: t.receiver.track, Mid: t.mid,
		PacketsReceived: stats.PacketsReceived, BytesReceived: stats.BytesReceived,
		HeaderBytesReceived: stats.HeaderBytesReceived, PacketsLost: stats.PacketsLost, Jitter: stats.Jitter,
		PacketsDiscarded: stats.PacketsDiscarded, FECPacketsReceived: stats.FECPacketsReceived,
		FECPacketsDiscarded: stats.FECPacketsDiscarded, TotalProcessingDelay: stats.TotalProcessingDelay,
		JitterBufferDelay: stats.JitterBufferDelay, JitterBufferTargetDelay: stats.JitterBufferTargetDelay,
		JitterBufferMinimumDelay: stats.JitterBufferMinimumDelay, JitterBufferEmittedCount: stats.JitterBufferEmittedCount,
		TotalSamplesReceived: stats.TotalSamplesReceived, ConcealedSamples: stats.ConcealedSamples,
		SilentConcealedSamples: stats.SilentConcealedSamples, ConcealmentEvents: stats.ConcealmentEvents,
		InsertedSamplesForDeceleration: stats.InsertedSamplesForDeceleration,
		RemovedSamplesForAcceleration:  stats.RemovedSamplesForAcceleration,
		AudioLevel:                     stats.AudioLevel, TotalAudioEnergy: stats.TotalAudioEnergy,
		TotalSamplesDuration: stats.TotalSamplesDuration,
	}
	if !stats.LastPacketReceived.IsZero() {
		at := milliseconds(stats.LastPacketReceived)
		view.LastPacketReceivedTimestamp = &at
	}
	for _, c := range t.codecs.receiveList {
		if c.PayloadType == stats.PayloadType && stats.PacketsReceived > 0 {
			view.CodecID = r.codec("I", c)
		}
	}
	t.receiver.mu.Lock()
	defer t.receiver.mu.Unlock()
	if rec := t.receiver.receptions[ssrc]; rec != nil && rec.reports > 0 {
		view.RemoteID = ssrcID("RO", ssrc)
		r.remoteOutbound(rec, view)
	}
	r.InboundRTP = append(r.InboundRTP, view)
}

func (r *report) remoteOutbound(rec *reception, in protocol.InboundRTPStats) {
	stream := in.RTPStreamStats
	stream.StatsHead = protocol.StatsHead{ID: in.RemoteID, Timestamp: milliseconds(rec.reportAt)}
	remote := milliseconds(fromNTP(rec.report.NTPTime))
	r.RemoteOutboundRTP = append(r.RemoteOutboundRTP, protocol.RemoteOutboundRTPStats{
		RTPStreamStats: stream, LocalID: in.ID,
		PacketsSent: uint64(rec.report.PacketCount), BytesSent: uint64(rec.report.OctetCount),
		RemoteTimestamp: &remote, ReportsSent: rec.reports,
	})
}
