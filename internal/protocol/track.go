package protocol

// A track id names audio that lives at the endpoint. A captured track or a
// clone has an id minted by the page; the track of a receiver is named
// ReceiverTrackID(pc, transceiver). All are unique within their document.

// ReceiverTrackID returns the id of the track that a transceiver's receiver
// plays: "rx:" + pc + ":" + transceiver.
//
//protogen:export
func ReceiverTrackID(pc, transceiver string) string {
	return "rx:" + pc + ":" + transceiver
}

// TrackCloneParams makes Clone an independent track of the same source, with
// the enabled state and settings that Track has now (Media Capture and Streams,
// MediaStreamTrack.clone).
type TrackCloneParams struct {
	Track string `json:"track"`
	Clone string `json:"clone"`
}

// TrackSetEnabledParams sets MediaStreamTrack.enabled.
type TrackSetEnabledParams struct {
	Track   string `json:"track"`
	Enabled bool   `json:"enabled"`
}

// TrackMixParams makes Track of others, or changes what it is made of: what a
// Web Audio graph lets into the stream of a MediaStreamAudioDestinationNode.
// Inputs is the whole of it.
type TrackMixParams struct {
	Track  string       `json:"track"`
	Inputs []TrackInput `json:"inputs"`
}

// TrackInput is a track that goes into another one.
type TrackInput struct {
	Track string `json:"track"`
	// Gain is linear, 0 to MaxGain.
	Gain float64 `json:"gain"`
}

// TrackStopParams ends a track; its id may not be used again.
type TrackStopParams struct {
	Track string `json:"track"`
}

// TrackApplyConstraintsParams changes a captured track.
type TrackApplyConstraintsParams struct {
	Track string           `json:"track"`
	Audio AudioConstraints `json:"audio"`
}

// TrackChangedEvent says that a captured track changed by itself. Ended is
// final (the device went away and no other took its place).
type TrackChangedEvent struct {
	Track    string         `json:"track"`
	Muted    bool           `json:"muted"`
	Ended    bool           `json:"ended"`
	Settings *TrackSettings `json:"settings,omitempty"`
	Label    string         `json:"label,omitempty"`
}

// PlayerUpdateParams is the whole state of one media element, or one Web Audio
// graph, that plays redirected tracks.
type PlayerUpdateParams struct {
	// Player is minted by the page.
	Player string `json:"player"`
	// Tracks are the redirected audio tracks to mix.
	Tracks []string `json:"tracks"`
	// Playing is false while paused; a player that does not play is silent.
	Playing bool `json:"playing"`
	Muted   bool `json:"muted"`
	// Volume is a linear gain, 0 to 1.
	Volume float64 `json:"volume"`
	// SinkID is an audiooutput deviceId; "" and "default" mean the default.
	SinkID string `json:"sinkId,omitempty"`
}

// PlayerCloseParams forgets a player.
type PlayerCloseParams struct {
	Player string `json:"player"`
}

// PlayerChangedEvent says that a player's device went away (Error set) or that
// it plays.
type PlayerChangedEvent struct {
	Player string `json:"player"`
	Error  *Error `json:"error,omitempty"`
}

// LevelsObserveParams is the set of tracks whose levels the page wants.
type LevelsObserveParams struct {
	Tracks []string `json:"tracks"`
}

// TrackLevel is the level of one track: RMS over the last interval, linear,
// 0 to 1, after enabled is applied.
type TrackLevel struct {
	Track string  `json:"track"`
	Level float64 `json:"level"`
}

// LevelsEvent is sent every 30 ms while a level observed is not zero, and once
// when all have become zero.
type LevelsEvent struct {
	Levels []TrackLevel `json:"levels"`
}
