// Package aec3 is WebRTC's acoustic echo canceller 3 for one channel at 48 kHz.
//
// The code is Google's, by way of the npm package @ennuicastr/webrtcaec3.js
// 0.3.0 (webrtcaec3.wasm, BSD-3-Clause, see LICENSE.txt), translated into C by
// generate.sh. Translated, a frame costs a third of what it does in a
// WebAssembly runtime, and gives the same samples.
package aec3

/*
#cgo CFLAGS: -std=c11 -O2 -w -Werror=implicit-function-declaration -fno-strict-aliasing
#cgo LDFLAGS: -lm
#include "canceller.h"
#cgo noescape nearend_aec3_render
#cgo nocallback nearend_aec3_render
#cgo noescape nearend_aec3_capture
#cgo nocallback nearend_aec3_capture
*/
import "C"

import (
	"errors"
	"unsafe"
)

// FrameSamples is the number of samples of a frame: 10 ms.
const FrameSamples = 480

// ErrBroken says that the canceller has failed and is of no use any more.
var ErrBroken = errors.New("aec3: canceller failed")

// Canceller removes the echo of what is rendered from what is captured. It is
// not safe for concurrent use.
type Canceller struct {
	state  unsafe.Pointer
	broken bool
}

// New returns a canceller; Close frees its 16 MiB of address space, of which
// it touches about one.
func New() (*Canceller, error) {
	state := C.nearend_aec3_new()
	if state == nil {
		return nil, errors.New("aec3: no memory")
	}
	return &Canceller{state: state}, nil
}

// Render takes what the loudspeaker is about to play, samples from -1 to 1.
func (c *Canceller) Render(frame *[FrameSamples]float32) error {
	if c.broken || C.nearend_aec3_render(c.state, (*C.float)(&frame[0])) != 0 {
		c.broken = true
		return ErrBroken
	}
	return nil
}

// Capture removes the echo from frame, samples from -1 to 1. After an error
// frame is as it was.
func (c *Canceller) Capture(frame *[FrameSamples]float32) error {
	if c.broken || C.nearend_aec3_capture(c.state, (*C.float)(&frame[0])) != 0 {
		c.broken = true
		return ErrBroken
	}
	return nil
}

// Close frees the canceller.
func (c *Canceller) Close() {
	C.nearend_aec3_free(c.state)
	c.state, c.broken = nil, true
}

// spoil ruins the canceller's state.
func (c *Canceller) spoil() { C.nearend_aec3_break(c.state) }
