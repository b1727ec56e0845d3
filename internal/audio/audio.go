// Package audio describes the sound hardware of the endpoint's machine. It is
// one of the two edges where tests put a double; audio/miniaudio is the real
// one.
package audio

import "time"

// Kind tells inputs from outputs.
type Kind int

// The kinds.
const (
	Input Kind = iota
	Output
)

// Device is one input or output of the system.
type Device struct {
	// ID is the backend's own, stable across restarts where the backend's is.
	ID   string
	Name string
	Kind Kind
	// Default marks the system's default of its kind.
	Default bool
}

// System is the sound system. Methods are safe for concurrent use.
type System interface {
	// Devices lists what is there now.
	Devices() ([]Device, error)
	// OpenCapture opens the input named id, or the default when id is empty.
	OpenCapture(id string) (Capture, error)
	// OpenPlayout opens the output named id, or the default when id is empty.
	OpenPlayout(id string) (Playout, error)
	// Close releases the system; open streams must be closed before.
	Close() error
}

// Capture is an open input: mono, 48 kHz, in frames of pcm.FrameSamples.
type Capture interface {
	// Ready has a value whenever Read may succeed.
	Ready() <-chan struct{}
	// Read fills one frame and reports whether there was one.
	Read(frame []int16) bool
	// Lost is closed when the device is gone; the stream then gives nothing.
	Lost() <-chan struct{}
	// Overruns counts frames dropped because nobody read them in time.
	Overruns() uint64
	Close() error
}

// Playout is an open output: stereo interleaved, 48 kHz, in frames of
// 2*pcm.FrameSamples values. The device asks; what is not there in time is
// played as silence.
type Playout interface {
	// Ready has a value whenever the device has room for a frame.
	Ready() <-chan struct{}
	// Write queues one frame and reports whether there was room.
	Write(frame []int16) bool
	Lost() <-chan struct{}
	// Underruns counts frames of silence played because none was queued.
	Underruns() uint64
	// Delay estimates the time from Write to the loudspeaker.
	Delay() time.Duration
	Close() error
}
