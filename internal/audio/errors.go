package audio

import "errors"

// Sentinel errors of System.
var (
	// ErrNoDevice says that there is no device of that kind and id.
	ErrNoDevice = errors.New("audio: no such device")
	// ErrClosed says that the system has been closed.
	ErrClosed = errors.New("audio: system closed")
)
