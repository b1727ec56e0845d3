package peer

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

func TestWrongFingerprintFails(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	answer := f.answer(p.localSDP())
	at := strings.Index(answer, "a=fingerprint:sha-256 ") + len("a=fingerprint:sha-256 ")
	forged := answer[:at] + strings.Repeat("AB:", 31) + "AB" + answer[at+95:]
	p.setRemote("answer", forged)
	p.until("failed", func() bool { return p.view().States.Connection == "failed" })
	if got := p.view().Transport.DTLSState; got != "failed" {
		t.Errorf("DTLS %s", got)
	}
}

func TestLostFarEndIsNoticedAndARestartRecovers(t *testing.T) {
	settings := transport.Settings{Loopback: true, DisconnectedAfter: time.Second, FailedAfter: time.Second}
	p, f := newPage(t, protocol.Configuration{}, WithSettings(settings)), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.negotiate(f)
	p.connected()
	f.must(f.Close())
	seen := func(state string) func() bool {
		return func() bool { return p.view().States.IceConnection == state }
	}
	p.until("disconnected", seen("disconnected"))
	p.until("failed", seen("failed"))
	if got := p.view().States.Connection; got != "failed" {
		t.Errorf("connection %s", got)
	}
	// The far end comes back as another one, as after a gateway's restart.
	again := newFarEnd(t, webrtc.MimeTypeOpus)
	p.do(protocol.PCRestartIce, protocol.PCParams{PC: "p1"})
	p.negotiate(again)
	p.connected()
	again.talk()
	p.received("t1")
}
