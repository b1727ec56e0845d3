package miniaudio

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/gen2brain/malgo"

	"nearend/internal/audio"
	"nearend/internal/pcm"
)

// Buffers of the device: two channels out as the engine mixes, one in.
const (
	captureChannels = 1
	playoutChannels = 2
	periods         = 3
)

// callback moves samples between a device and a stream's ring; it runs on the
// device's thread.
type callback func(samples []int16)

// device is an open and running miniaudio device.
type device struct {
	// id is the device's, also where the default was asked for.
	id         string
	connection *connection
	malgo      *malgo.Device
}

// open starts the device named id, or the default. stopped is called from any
// thread when the device stops by itself and must not wait.
func (s *System) open(kind audio.Kind, id string, move callback, stopped func()) (*device, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(kind, id)
	if err != nil {
		return nil, err
	}
	c := s.connection
	var pinner runtime.Pinner
	defer pinner.Unpin()
	var chosen unsafe.Pointer
	if id != "" || !e.isDefault || !c.follows {
		raw := e.raw
		pinner.Pin(&raw)
		chosen = unsafe.Pointer(&raw)
	}
	dev, err := malgo.InitDevice(c.context.Context, config(kind, chosen), malgo.DeviceCallbacks{
		Data: func(out, in []byte, _ uint32) {
			if kind == audio.Input {
				out = in
			}
			if len(out) >= 2 {
				move(unsafe.Slice((*int16)(unsafe.Pointer(&out[0])), len(out)/2))
			}
		},
		Stop: stopped,
	})
	if err != nil {
		return nil, fmt.Errorf("miniaudio: open %s: %w", e.Name, err)
	}
	if err := dev.Start(); err != nil {
		dev.Uninit()
		return nil, fmt.Errorf("miniaudio: start %s: %w", e.Name, err)
	}
	c.users++
	s.log.Debug().Str("backend", c.name).Str("device", e.Name).Msg("device opened")
	return &device{id: e.ID, connection: c, malgo: dev}, nil
}

// config asks for 10 ms at a time. Callbacks of any size are welcome: making
// them all of one size would cost a buffer, that is delay.
func config(kind audio.Kind, chosen unsafe.Pointer) malgo.DeviceConfig {
	c := malgo.DefaultDeviceConfig(malgo.Playback)
	if kind == audio.Input {
		c = malgo.DefaultDeviceConfig(malgo.Capture)
	}
	c.SampleRate = pcm.Rate
	c.PeriodSizeInFrames = pcm.FrameSamples
	c.Periods = periods
	c.PerformanceProfile = malgo.LowLatency
	c.NoFixedSizedCallback = 1
	c.Capture.Format, c.Capture.Channels = malgo.FormatS16, captureChannels
	c.Playback.Format, c.Playback.Channels = malgo.FormatS16, playoutChannels
	if kind == audio.Input {
		c.Capture.DeviceID = chosen
	} else {
		c.Playback.DeviceID = chosen
	}
	// miniaudio's own rerouting can deadlock; the watching goroutine does it.
	c.Wasapi.NoAutoStreamRouting = 1
	c.Pulse.StreamNameCapture = "Microphone"
	c.Pulse.StreamNamePlayback = "Call"
	return c
}

// close stops the device; when it returns, no callback runs any more.
func (s *System) close(d *device) {
	// Stop before Uninit: it alone wakes a device thread that waits for a sound
	// server that has nothing more to say. Its error is that of a dead device.
	_ = d.malgo.Stop()
	d.malgo.Uninit()
	s.mu.Lock()
	defer s.mu.Unlock()
	d.connection.release()
}
