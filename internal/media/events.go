package media

import "nearend/internal/audio"

// Events are what a Document reports. They are called without any lock of the
// engine held, from goroutines of the engine, and must not block. Nil functions
// are not called.
type Events struct {
	// TrackChanged says that a captured track changed by itself: its device was
	// lost (muted), it goes on with device (not muted), or it ended for good.
	TrackChanged func(track string, muted, ended bool, device audio.Device)
	// Levels comes every 30 ms while an observed level is not zero, and once
	// when all have become zero. The slice is the callee's.
	Levels func([]Level)
	// PlayerFailed says that a player's device is lost or does not open, and,
	// with a nil error, that it plays again.
	PlayerFailed func(id string, err error)
}

// Level is the linear RMS of a track over the last 30 ms, 0 to 1.
type Level struct {
	Track string
	Level float64
}

// CaptureOptions choose a microphone and its processing.
type CaptureOptions struct {
	// Device is the backend's id, empty for the default.
	Device                                              string
	EchoCancellation, NoiseSuppression, AutoGainControl bool
}

// Player is the whole state of one media element.
type Player struct {
	ID     string
	Tracks []string
	// Playing is false while paused.
	Playing, Muted bool
	// Volume is a linear gain, 0 to 1.
	Volume float64
	// Device is the backend's id of the output, empty for the default.
	Device string
}
