package protocol

// DeviceInfo is one audio device of the endpoint (Media Capture and Streams,
// MediaDeviceInfo). IDs are stable per origin and mean nothing elsewhere. The
// system's default device appears first of its kind with the id "default".
type DeviceInfo struct {
	DeviceID string `json:"deviceId"`
	GroupID  string `json:"groupId"`
	// Kind is "audioinput" or "audiooutput".
	Kind  string `json:"kind"`
	Label string `json:"label"`
}

// DevicesEnumerateResult lists the endpoint's devices, inputs first.
type DevicesEnumerateResult struct {
	Devices []DeviceInfo `json:"devices"`
}

// DevicesChangedEvent carries the whole new list.
type DevicesChangedEvent struct {
	Devices []DeviceInfo `json:"devices"`
}

// ConstrainString is ConstrainDOMString. Nil lists mean absent.
type ConstrainString struct {
	Exact []string `json:"exact,omitempty"`
	Ideal []string `json:"ideal,omitempty"`
}

// ConstrainNumber is ConstrainULong or ConstrainDouble.
type ConstrainNumber struct {
	Exact *float64 `json:"exact,omitempty"`
	Ideal *float64 `json:"ideal,omitempty"`
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
}

// ConstrainBool is ConstrainBoolean.
type ConstrainBool struct {
	Exact *bool `json:"exact,omitempty"`
	Ideal *bool `json:"ideal,omitempty"`
}

// AudioConstraintSet is the audio part of MediaTrackConstraintSet.
type AudioConstraintSet struct {
	DeviceID         *ConstrainString `json:"deviceId,omitempty"`
	GroupID          *ConstrainString `json:"groupId,omitempty"`
	SampleRate       *ConstrainNumber `json:"sampleRate,omitempty"`
	SampleSize       *ConstrainNumber `json:"sampleSize,omitempty"`
	ChannelCount     *ConstrainNumber `json:"channelCount,omitempty"`
	Latency          *ConstrainNumber `json:"latency,omitempty"`
	EchoCancellation *ConstrainBool   `json:"echoCancellation,omitempty"`
	AutoGainControl  *ConstrainBool   `json:"autoGainControl,omitempty"`
	NoiseSuppression *ConstrainBool   `json:"noiseSuppression,omitempty"`
}

// AudioConstraints is MediaTrackConstraints for audio.
type AudioConstraints struct {
	AudioConstraintSet
	Advanced []AudioConstraintSet `json:"advanced,omitempty"`
}

// GetUserMediaParams asks for one microphone track.
type GetUserMediaParams struct {
	// Track is the page-minted id of the track to create.
	Track string           `json:"track"`
	Audio AudioConstraints `json:"audio"`
}

// GetUserMediaResult describes the track that was created.
type GetUserMediaResult struct {
	Label        string            `json:"label"`
	Settings     TrackSettings     `json:"settings"`
	Capabilities TrackCapabilities `json:"capabilities"`
}

// TrackSettings is MediaTrackSettings for audio. Latency is in seconds,
// SampleRate in hertz, SampleSize in bits.
type TrackSettings struct {
	DeviceID         string  `json:"deviceId"`
	GroupID          string  `json:"groupId"`
	SampleRate       int     `json:"sampleRate"`
	SampleSize       int     `json:"sampleSize"`
	ChannelCount     int     `json:"channelCount"`
	Latency          float64 `json:"latency"`
	EchoCancellation bool    `json:"echoCancellation"`
	AutoGainControl  bool    `json:"autoGainControl"`
	NoiseSuppression bool    `json:"noiseSuppression"`
}

// Range is ULongRange or DoubleRange.
type Range struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// TrackCapabilities is MediaTrackCapabilities for audio.
type TrackCapabilities struct {
	DeviceID         string `json:"deviceId"`
	GroupID          string `json:"groupId"`
	SampleRate       Range  `json:"sampleRate"`
	SampleSize       Range  `json:"sampleSize"`
	ChannelCount     Range  `json:"channelCount"`
	Latency          Range  `json:"latency"`
	EchoCancellation []bool `json:"echoCancellation"`
	AutoGainControl  []bool `json:"autoGainControl"`
	NoiseSuppression []bool `json:"noiseSuppression"`
}
