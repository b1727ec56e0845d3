package transport

import (
	"errors"
	"fmt"

	"github.com/pion/stun/v4"
)

// Server is one URL of a STUN or TURN server.
type Server struct {
	URL string
	uri *stun.URI
}

// ErrNoCredentials says that a TURN server came without user name or password.
var ErrNoCredentials = errors.New("a TURN server needs a user name and a credential")

// ParseServer reads a stun:, stuns:, turn: or turns: URL (RFC 7064, RFC 7065).
func ParseServer(url, username, credential string) (Server, error) {
	uri, err := stun.ParseURI(url)
	if err != nil {
		return Server{}, fmt.Errorf("ICE server URL: %w", err)
	}
	if uri.Scheme == stun.SchemeTypeTURN || uri.Scheme == stun.SchemeTypeTURNS {
		if username == "" || credential == "" {
			return Server{}, ErrNoCredentials
		}
		uri.Username, uri.Password = username, credential
	}
	return Server{URL: url, uri: uri}, nil
}

// relays says whether the server can give relay candidates.
func (s Server) relays() bool {
	return s.uri.Scheme == stun.SchemeTypeTURN || s.uri.Scheme == stun.SchemeTypeTURNS
}

// relayProtocol is how the server is reached: "udp", "tcp" or "tls".
func (s Server) relayProtocol() string {
	switch {
	case s.uri.Scheme == stun.SchemeTypeTURNS:
		return "tls"
	case s.uri.Proto == stun.ProtoTypeTCP:
		return "tcp"
	default:
		return "udp"
	}
}
