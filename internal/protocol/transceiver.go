package protocol

// PCAddTransceiverParams adds a transceiver that the page has just created.
type PCAddTransceiverParams struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
	Kind        string `json:"kind"`
	Direction   string `json:"direction"`
	// Track is the track to send, empty for none.
	Track   string   `json:"track,omitempty"`
	Streams []string `json:"streams,omitempty"`
	// Encodings is sendEncodings; for audio there is at most one.
	Encodings []Encoding `json:"encodings,omitempty"`
	// FromAddTrack says that addTrack created it, so that a remote offer may
	// take it (RFC 8829, section 5.10).
	FromAddTrack bool `json:"fromAddTrack,omitempty"`
}

// PCAddTrackParams gives a track to a transceiver that addTrack reuses.
type PCAddTrackParams struct {
	PC          string   `json:"pc"`
	Transceiver string   `json:"transceiver"`
	Track       string   `json:"track"`
	Streams     []string `json:"streams,omitempty"`
}

// TransceiverParams names a transceiver.
type TransceiverParams struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
}

// TransceiverSetDirectionParams sets the preferred direction.
type TransceiverSetDirectionParams struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
	Direction   string `json:"direction"`
}

// TransceiverSetCodecPreferencesParams sets the codec preferences; an empty
// list means the default.
type TransceiverSetCodecPreferencesParams struct {
	PC          string  `json:"pc"`
	Transceiver string  `json:"transceiver"`
	Codecs      []Codec `json:"codecs"`
}

// SenderReplaceTrackParams replaces the track that is sent; empty for none.
type SenderReplaceTrackParams struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
	Track       string `json:"track,omitempty"`
}

// SenderSetStreamsParams sets the ids of the streams that are signalled.
type SenderSetStreamsParams struct {
	PC          string   `json:"pc"`
	Transceiver string   `json:"transceiver"`
	Streams     []string `json:"streams"`
}

// SenderSetParametersParams sets what may be changed of the parameters.
type SenderSetParametersParams struct {
	PC          string     `json:"pc"`
	Transceiver string     `json:"transceiver"`
	Encodings   []Encoding `json:"encodings"`
}

// SenderInsertDTMFParams starts tones, replacing what is left of earlier ones
// (WebRTC 1.0, section 7.2). An empty string stops.
type SenderInsertDTMFParams struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
	// Tones holds 0-9, A-D, #, * and the comma, which waits two seconds.
	Tones string `json:"tones"`
	// Duration and Gap are in milliseconds, within 40 to 6000 and 30 to 6000.
	Duration int `json:"duration"`
	Gap      int `json:"gap"`
}

// DTMFToneChangeEvent is the tonechange event, sent as each tone starts and
// once with an empty tone at the end.
type DTMFToneChangeEvent struct {
	PC          string `json:"pc"`
	Transceiver string `json:"transceiver"`
	Tone        string `json:"tone"`
	// Remaining is toneBuffer after Tone was taken from it.
	Remaining string `json:"remaining"`
}

// ReceiverSetJitterBufferTargetParams sets jitterBufferTarget in milliseconds;
// nil leaves it to the jitter buffer.
type ReceiverSetJitterBufferTargetParams struct {
	PC          string   `json:"pc"`
	Transceiver string   `json:"transceiver"`
	Target      *float64 `json:"target,omitempty"`
}

// RTPSource is RTCRtpSynchronizationSource or RTCRtpContributingSource.
type RTPSource struct {
	Source uint32 `json:"source"`
	// Contributing is true for a CSRC.
	Contributing bool `json:"contributing,omitempty"`
	// Timestamp is when it was last played, in milliseconds since 1970.
	Timestamp    float64 `json:"timestamp"`
	RTPTimestamp uint32  `json:"rtpTimestamp"`
	// AudioLevel is linear, 0 to 1; nil when unknown.
	AudioLevel *float64 `json:"audioLevel,omitempty"`
}

// ReceiverSourcesEvent is sent a few times a second while packets arrive on a
// receiver whose sources the page has read, or whose level it observes.
type ReceiverSourcesEvent struct {
	PC          string      `json:"pc"`
	Transceiver string      `json:"transceiver"`
	Sources     []RTPSource `json:"sources"`
}
