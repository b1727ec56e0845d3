package miniaudio

import (
	"fmt"
	"runtime"
	"slices"
)

// Option changes what New does.
type Option func(*settings) error

type settings struct {
	backends    []*backend
	pulseServer string
}

// Backends chooses the backends to try, in order, by name: "pulseaudio",
// "alsa", "wasapi", "coreaudio", and "null", which is a pair of devices that
// hear and play nothing and is never used unless asked for.
func Backends(names ...string) Option {
	return func(s *settings) error {
		s.backends = nil
		for _, name := range names {
			i := slices.IndexFunc(backends, func(b *backend) bool { return b.name == name })
			if i < 0 {
				return fmt.Errorf("miniaudio: no backend %q", name)
			}
			s.backends = append(s.backends, backends[i])
		}
		return nil
	}
}

// PulseServer names the PulseAudio server to use, as the environment variable
// PULSE_SERVER does.
func PulseServer(address string) Option {
	return func(s *settings) error {
		s.pulseServer = address
		return nil
	}
}

func newSettings(options []Option) (settings, error) {
	var s settings
	for _, b := range backends {
		if slices.Contains(b.systems, runtime.GOOS) {
			s.backends = append(s.backends, b)
		}
	}
	for _, option := range options {
		if err := option(&s); err != nil {
			return settings{}, err
		}
	}
	return s, nil
}
