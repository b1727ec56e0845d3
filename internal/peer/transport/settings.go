package transport

import (
	"net"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/transport/v4"
)

// Settings are shared by all transports of an endpoint.
type Settings struct {
	// Net is the network; nil means the system's. DSCP marking wraps it.
	Net transport.Net
	// Loopback offers loopback addresses even when there are others.
	Loopback bool
	// DisconnectedAfter and FailedAfter are without any packet from the far
	// end; zero means 5 s and 25 s after that.
	DisconnectedAfter, FailedAfter time.Duration
	// PortMin and PortMax bound the UDP ports; zero means any.
	PortMin, PortMax uint16
}

// options returns what all agents are made with.
func (s Settings) options() []ice.AgentOption {
	options := []ice.AgentOption{
		ice.WithNetworkTypes([]ice.NetworkType{
			ice.NetworkTypeUDP4, ice.NetworkTypeUDP6, ice.NetworkTypeTCP4, ice.NetworkTypeTCP6,
		}),
		// Remote mDNS names are resolved; our own candidates carry addresses,
		// as a page with microphone permission gets in browsers.
		ice.WithMulticastDNSMode(ice.MulticastDNSModeQueryOnly),
	}
	if s.Net != nil {
		options = append(options, ice.WithNet(s.Net))
	}
	if s.Loopback || onlyLoopback() {
		options = append(options, ice.WithIncludeLoopback())
	}
	if s.DisconnectedAfter > 0 {
		options = append(options, ice.WithDisconnectedTimeout(s.DisconnectedAfter))
	}
	if s.FailedAfter > 0 {
		options = append(options, ice.WithFailedTimeout(s.FailedAfter))
	}
	if s.PortMax > 0 {
		options = append(options, ice.WithPortRange(s.PortMin, s.PortMax))
	}
	return options
}

// onlyLoopback says whether the machine has no other address to be reached at,
// as in a container or on a plane.
func onlyLoopback() bool {
	interfaces, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
				return false
			}
		}
	}
	return true
}
