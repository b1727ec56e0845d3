package peer

import (
	"net"
	"strings"
	"testing"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

// relay runs a TURN server on loopback, over UDP or TCP, and returns its URL.
func relay(t *testing.T, network string) string {
	t.Helper()
	const realm = "test"
	config := turn.ServerConfig{
		Realm: realm, LoggerFactory: logging.NewDefaultLoggerFactory(),
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(a.Username, realm, "secret"), a.Username == "user"
		},
	}
	generator := &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	var address string
	if network == "udp" {
		conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address = conn.LocalAddr().String()
		config.PacketConnConfigs = []turn.PacketConnConfig{{PacketConn: conn, RelayAddressGenerator: generator}}
	} else {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address = listener.Addr().String()
		config.ListenerConfigs = []turn.ListenerConfig{{Listener: listener, RelayAddressGenerator: generator}}
	}
	server, err := turn.NewServer(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return "turn:" + address + "?transport=" + network
}

func TestRelayOnly(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			url := relay(t, network)
			p := newPage(t, protocol.Configuration{
				IceServers:         []protocol.IceServer{{URLs: []string{url}, Username: "user", Credential: "secret"}},
				IceTransportPolicy: "relay",
			})
			f := newFarEnd(t, webrtc.MimeTypeOpus)
			p.addTransceiver("t1", "sendrecv")
			p.setLocal("offer", p.createOffer())
			p.setRemote("answer", f.answer(p.localSDP()))
			p.connected()
			f.talk()
			p.received("t1")
			relayed := 0
			for _, e := range p.seen(protocol.PCIceCandidate) {
				c := e.(protocol.PCIceCandidateEvent).Candidate
				if c == nil {
					continue
				}
				relayed++
				if !strings.Contains(c.Candidate, "typ relay") || c.URL != url || c.RelayProtocol != network {
					t.Errorf("candidate %+v", c)
				}
			}
			if relayed == 0 || len(p.seen(protocol.PCIceCandidateError)) != 0 {
				t.Errorf("%d relay candidates, errors %+v", relayed, p.seen(protocol.PCIceCandidateError))
			}
			stats := p.do(protocol.PCGetStats, protocol.PCGetStatsParams{PC: "p1"}).(protocol.PCGetStatsResult)
			if len(stats.LocalCandidates) == 0 || stats.LocalCandidates[0].CandidateType != "relay" || stats.LocalCandidates[0].URL != url {
				t.Errorf("statistics %+v", stats.LocalCandidates)
			}
		})
	}
}

func TestRelayWithWrongPassword(t *testing.T) {
	p := newPage(t, protocol.Configuration{
		IceServers:         []protocol.IceServer{{URLs: []string{relay(t, "udp")}, Username: "user", Credential: "wrong"}},
		IceTransportPolicy: "relay",
	})
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.until("gathering", func() bool { return p.view().States.IceGathering == "complete" })
	if got := len(p.seen(protocol.PCIceCandidateError)); got != 1 {
		t.Errorf("%d errors", got)
	}
}
