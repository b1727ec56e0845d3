package media

import (
	"errors"
	"fmt"

	"nearend/internal/audio"
)

// Sentinel errors, to be tested with errors.Is.
var (
	// ErrNotFound says that there is no such device, or none at all.
	ErrNotFound = errors.New("no such audio device")
	// ErrNotReadable says that a device is there but does not open.
	ErrNotReadable = errors.New("the audio device cannot be opened")
	// ErrNoTrack says that a track id is unknown, or not that of a live
	// microphone where one is needed.
	ErrNoTrack = errors.New("no such track")
	// ErrTrackExists says that a track id is in use.
	ErrTrackExists = errors.New("the track id is in use")
	// ErrClosed says that the document or the engine was closed.
	ErrClosed = errors.New("closed")
)

// deviceError wraps what an audio.System says on opening.
func deviceError(err error) error {
	if errors.Is(err, audio.ErrNoDevice) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return fmt.Errorf("%w: %w", ErrNotReadable, err)
}
