package miniaudio

import (
	"runtime"
	"strings"

	"github.com/gen2brain/malgo"
	"github.com/rs/zerolog"
)

// connection is a miniaudio context. It lives as long as the system or one of
// its devices uses it, because a device reaches into its context to the end.
type connection struct {
	*backend
	context *malgo.AllocatedContext
	// users counts the system and the devices; under System.mu.
	users int
}

// connect makes a context of one backend, with one user.
func connect(b *backend, s settings, log zerolog.Logger) (*connection, error) {
	var pinner runtime.Pinner
	defer pinner.Unpin()
	// Not real-time: a callback runs Go code, and Go's runtime spins for a lock
	// that an ordinary thread holds. Where the process is allowed SCHED_FIFO,
	// such threads keep that one from running and all others with it.
	config := malgo.ContextConfig{ThreadPriority: malgo.ThreadPriorityHighest}
	config.Pulse.PApplicationName = cString("Nearend", &pinner)
	if s.pulseServer != "" {
		config.Pulse.PServerName = cString(s.pulseServer, &pinner)
	}
	context, err := malgo.InitContext([]malgo.Backend{b.code}, config, func(message string) {
		log.Trace().Str("backend", b.name).Msg(strings.TrimSpace(message))
	})
	if err != nil {
		return nil, err
	}
	return &connection{backend: b, context: context, users: 1}, nil
}

// cString is text as C wants it, in Go memory that stays where it is until
// the pinner lets go.
func cString(text string, pinner *runtime.Pinner) *byte {
	buffer := append([]byte(text), 0)
	pinner.Pin(&buffer[0])
	return &buffer[0]
}

// list returns the devices that people may choose.
func (c *connection) list() ([]entry, error) {
	all, err := enumerate(c.context.Context, c.backend)
	if err != nil {
		return nil, err
	}
	return c.arrange(all), nil
}

// release ends one use. Under System.mu.
func (c *connection) release() {
	if c.users--; c.users == 0 {
		_ = c.context.Uninit()
		c.context.Free()
	}
}
