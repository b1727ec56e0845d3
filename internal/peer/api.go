package peer

import (
	"nearend/internal/peer/transport"
)

// API holds what all peer connections of an endpoint share.
type API struct {
	settings transport.Settings
}

// Option changes what NewAPI makes.
type Option func(*API)

// WithSettings replaces the network settings.
func WithSettings(settings transport.Settings) Option {
	return func(a *API) { a.settings = settings }
}

// WithLoopback offers loopback candidates even when the machine has other
// addresses.
func WithLoopback() Option {
	return func(a *API) { a.settings.Loopback = true }
}

// NewAPI returns the shared settings.
func NewAPI(options ...Option) *API {
	api := &API{}
	for _, option := range options {
		option(api)
	}
	return api
}
