package miniaudio

import (
	"errors"
	"fmt"
	"sync"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
)

// System implements audio.System. It comes up without a sound server too and
// finds it when it starts later.
type System struct {
	log      zerolog.Logger
	settings settings

	mu     sync.Mutex
	closed bool
	// connection is nil while no backend can be reached.
	connection *connection
	// proven is the backend that has shown devices; from then on no other is
	// used, so that a restart of the sound server does not end in a backend
	// below it.
	proven *backend
}

var _ audio.System = (*System)(nil)

// New returns the sound system of this machine. It fails only for an option
// that makes no sense.
func New(log zerolog.Logger, options ...Option) (audio.System, error) {
	settings, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	return &System{log: log, settings: settings}, nil
}

// Devices implements audio.System. A machine without a sound server has no
// devices; that is not an error.
func (s *System) Devices() ([]audio.Device, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := s.list()
	if errors.Is(err, errNoBackend) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	devices := make([]audio.Device, len(entries))
	for i, e := range entries {
		devices[i] = e.Device
	}
	return devices, nil
}

// errNoBackend says that no sound server can be reached now.
var errNoBackend = fmt.Errorf("%w: no sound server is running", audio.ErrNoDevice)

// list asks the backend, connecting to it first where needed. Under mu.
func (s *System) list() ([]entry, error) {
	if s.closed {
		return nil, audio.ErrClosed
	}
	if s.connection != nil {
		entries, err := s.connection.list()
		if err == nil {
			return entries, nil
		}
		s.log.Info().Err(err).Str("backend", s.connection.name).Msg("sound system is gone")
		s.disconnect()
	}
	for _, b := range s.settings.backends {
		if s.proven != nil && s.proven != b {
			continue
		}
		c, err := connect(b, s.settings, s.log)
		if err != nil {
			s.log.Debug().Err(err).Str("backend", b.name).Msg("no sound system")
			continue
		}
		entries, err := c.list()
		if err != nil || len(entries) == 0 {
			c.release()
			continue
		}
		s.log.Info().Str("backend", b.name).Int("devices", len(entries)).Msg("sound system found")
		s.connection, s.proven = c, b
		return entries, nil
	}
	return nil, errNoBackend
}

// disconnect lets go of the connection. Under mu.
func (s *System) disconnect() {
	if s.connection != nil {
		s.connection.release()
		s.connection = nil
	}
}

// find returns the device named id, or the default when id is empty. Under mu.
func (s *System) find(kind audio.Kind, id string) (entry, error) {
	entries, err := s.list()
	if err != nil {
		return entry{}, err
	}
	for _, e := range entries {
		if e.Kind == kind && (e.ID == id || id == "" && e.Default) {
			return e, nil
		}
	}
	return entry{}, fmt.Errorf("%w: %q", audio.ErrNoDevice, id)
}

// OpenCapture implements audio.System.
func (s *System) OpenCapture(id string) (audio.Capture, error) {
	c := newCapture()
	if err := c.start(s, audio.Input, id, c.callback); err != nil {
		return nil, err
	}
	return c, nil
}

// OpenPlayout implements audio.System.
func (s *System) OpenPlayout(id string) (audio.Playout, error) {
	p := newPlayout()
	if err := p.start(s, audio.Output, id, p.callback); err != nil {
		return nil, err
	}
	return p, nil
}

// Close implements audio.System.
func (s *System) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.disconnect()
	return nil
}
