package peer

import (
	"errors"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// configuration is what of RTCConfiguration has an effect here. Everything is
// bundled and multiplexed whatever the policies say, and the certificate never
// changes (Config.Certificate).
type configuration struct {
	servers   []transport.Server
	relayOnly bool
}

// maxServerURLs bounds the URLs of one configuration, as gathering costs
// sockets for each.
const maxServerURLs = 64

// parseConfiguration checks what WebRTC 1.0, section 4.4.1.6, asks for.
func parseConfiguration(c protocol.Configuration) (configuration, *protocol.Error) {
	var parsed configuration
	switch c.IceTransportPolicy {
	case "", "all":
	case "relay":
		parsed.relayOnly = true
	default:
		return parsed, fail(protocol.TypeError, "bad iceTransportPolicy")
	}
	switch c.BundlePolicy {
	case "", "balanced", "max-compat", "max-bundle":
	default:
		return parsed, fail(protocol.TypeError, "bad bundlePolicy")
	}
	switch c.RTCPMuxPolicy {
	case "", "require":
	case "negotiate":
		return parsed, fail(protocol.NotSupportedError, "rtcpMuxPolicy negotiate is not supported")
	default:
		return parsed, fail(protocol.TypeError, "bad rtcpMuxPolicy")
	}
	if c.IceCandidatePoolSize < 0 || c.IceCandidatePoolSize > 255 {
		return parsed, fail(protocol.TypeError, "bad iceCandidatePoolSize")
	}
	if len(c.IceServers) > protocol.MaxListItems {
		return parsed, fail(protocol.TypeError, "too many ICE servers")
	}
	for _, s := range c.IceServers {
		if len(s.URLs) == 0 {
			return parsed, fail(protocol.SyntaxError, "an ICE server has no URL")
		}
		for _, url := range s.URLs {
			if len(parsed.servers) == maxServerURLs || len(url) > protocol.MaxString ||
				len(s.Username) > protocol.MaxString || len(s.Credential) > protocol.MaxString {
				return parsed, fail(protocol.TypeError, "too many or too long ICE server URLs")
			}
			server, err := transport.ParseServer(url, s.Username, s.Credential)
			if errors.Is(err, transport.ErrNoCredentials) {
				return parsed, fail(protocol.InvalidAccessError, err.Error())
			}
			if err != nil {
				return parsed, fail(protocol.SyntaxError, "an ICE server URL is malformed")
			}
			parsed.servers = append(parsed.servers, server)
		}
	}
	return parsed, nil
}

// setConfiguration takes effect with the next gathering.
func (p *PeerConnection) setConfiguration(params *protocol.PCSetConfigurationParams) *protocol.Error {
	parsed, err := parseConfiguration(params.Configuration)
	if err == nil {
		p.configuration = parsed
	}
	return err
}
