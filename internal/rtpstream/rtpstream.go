// Package rtpstream is the contract between a peer connection, which owns RTP
// on the network, and the media engine, which owns audio. It holds interfaces
// and plain values only, so that neither side imports the other.
package rtpstream

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Codec is one negotiated payload type.
type Codec struct {
	PayloadType uint8
	// MimeType is for example "audio/opus".
	MimeType string
	// ClockRate is the RTP clock in hertz: 48000 for Opus, 8000 for G.711 and,
	// by RFC 3551, for G.722.
	ClockRate uint32
	Channels  uint16
	// Fmtp holds the far end's format parameters for a sender and our own for
	// a receiver, as in SDP: "minptime=10;useinbandfec=1".
	Fmtp string
}

// Media makes streams. The media engine implements it, once for each document.
type Media interface {
	// NewSender starts encoding. It fails when it cannot code SenderConfig.Codec.
	NewSender(SenderConfig) (Sender, error)
	// NewReceiver starts a jitter buffer whose output is the track
	// ReceiverConfig.Track.
	NewReceiver(ReceiverConfig) (Receiver, error)
}

// SenderConfig describes an RTP stream to send.
type SenderConfig struct {
	// Track is the captured track to send; empty sends nothing.
	Track string
	Codec Codec
	// DTMF is the telephone-event payload type with the codec's clock rate, or
	// nil when none was negotiated.
	DTMF *Codec
	// PTime is the packet time; zero means 20 ms.
	PTime time.Duration
	// AudioLevelExtension is the negotiated id of the audio level header
	// extension (RFC 6464), zero for none.
	AudioLevelExtension uint8
	// Write sends one packet. The header's SSRC and payload type are filled in
	// by the callee; the engine sets payload type, sequence number, timestamp,
	// marker and extensions. It must not keep the arguments.
	Write func(*rtp.Header, []byte) error
	// Tone reports each DTMF tone as it starts and "" at the end. It may be
	// called from any goroutine and must not block.
	Tone func(tone, remaining string)
}

// Sender is one RTP stream being sent. Methods are safe for concurrent use.
type Sender interface {
	// SetTrack changes what is sent without a break in sequence numbers or
	// timestamps; empty sends nothing.
	SetTrack(track string) error
	// SetCodec changes codec, DTMF payload type and packet time.
	SetCodec(codec Codec, dtmf *Codec, ptime time.Duration) error
	// SetActive stops or resumes sending altogether.
	SetActive(bool)
	// SetMaxBitrate bounds the encoder in bits a second; zero means no bound.
	SetMaxBitrate(int)
	// InsertDTMF replaces the tones that are still waiting.
	InsertDTMF(tones string, duration, gap time.Duration)
	// Feedback gives the encoder what the far end reports.
	Feedback(rtcp.Packet)
	Stats() SenderStats
	// Close stops at once and waits for the stream's goroutines.
	Close() error
}

// SenderStats are the engine's counters of a sender.
type SenderStats struct {
	// PacketsSent, BytesSent (payload) and HeaderBytesSent only grow.
	PacketsSent, BytesSent, HeaderBytesSent uint64
	// TargetBitrate is in bits a second.
	TargetBitrate float64
	// TotalSendDelay is from capture of a packet's last sample to Write, summed.
	TotalSendDelay time.Duration
	Active         bool
	Source         SourceStats
}

// SourceStats are RTCAudioSourceStats of the track being sent.
type SourceStats struct {
	// AudioLevel is linear, 0 to 1.
	AudioLevel, TotalAudioEnergy, TotalSamplesDuration float64
	// ERL and ERLE are in dB, nil while echo cancellation is off.
	ERL, ERLE *float64
}

// ReceiverConfig describes an RTP stream to receive.
type ReceiverConfig struct {
	// Track is the receiver's track id (protocol.ReceiverTrackID).
	Track string
	// Codecs are all payload types that may arrive, telephone-event, comfort
	// noise and RED included.
	Codecs []Codec
	// AudioLevelExtension is as in SenderConfig.
	AudioLevelExtension uint8
}

// Receiver is one RTP stream being received. Methods are safe for concurrent
// use.
type Receiver interface {
	// Push takes one packet and its arrival. The packet is the caller's again
	// when Push returns. It never blocks.
	Push(packet *rtp.Packet, arrival time.Time)
	SetCodecs([]Codec)
	// SetTarget sets the wanted jitter buffer delay; nil leaves it to the
	// jitter buffer.
	SetTarget(*time.Duration)
	Stats() ReceiverStats
	// Sources lists SSRCs and CSRCs of the last ten seconds, most recent first.
	Sources() []Source
	// Close ends the track.
	Close() error
}

// ReceiverStats are the engine's counters of a receiver, named as in the W3C
// statistics; durations are summed over samples where those are.
type ReceiverStats struct {
	PacketsReceived, BytesReceived, HeaderBytesReceived uint64
	PacketsLost                                         int64
	PacketsDiscarded                                    uint64
	FECPacketsReceived, FECPacketsDiscarded             uint64
	// Jitter is in seconds (RFC 3550, section 6.4.1).
	Jitter             float64
	LastPacketReceived time.Time
	// Seconds multiplied by samples, as jitterBufferDelay.
	JitterBufferDelay, JitterBufferTargetDelay, JitterBufferMinimumDelay float64
	JitterBufferEmittedCount                                             uint64
	TotalSamplesReceived, ConcealedSamples, SilentConcealedSamples       uint64
	ConcealmentEvents                                                    uint64
	InsertedSamplesForDeceleration, RemovedSamplesForAcceleration        uint64
	AudioLevel, TotalAudioEnergy, TotalSamplesDuration                   float64
	TotalProcessingDelay                                                 float64
	// PayloadType is of the packet played last.
	PayloadType uint8
	SSRC        uint32
}

// Source is an SSRC or CSRC whose audio was played.
type Source struct {
	ID           uint32
	Contributing bool
	Played       time.Time
	RTPTimestamp uint32
	// Level is linear, nil when the packets carry none.
	Level *float64
}
