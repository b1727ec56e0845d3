// Package pcm is linear audio in memory: frames of 10 ms at 48 kHz, and what
// is done to them sample by sample.
package pcm

import "time"

const (
	// Rate is the engine's sampling rate in hertz.
	Rate = 48000
	// FrameDuration is the length of a frame.
	FrameDuration = 10 * time.Millisecond
	// FrameSamples is the number of samples of a frame in one channel.
	FrameSamples = Rate / 100
)
