package peer

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

func TestCertificateOfThePage(t *testing.T) {
	for _, kind := range []string{transport.ECDSA, transport.RSA} {
		certificate, failure := GenerateCertificate(&protocol.CertificateGenerateParams{
			Certificate: "c1", KeyType: kind, Expires: time.Now().Add(time.Hour).UnixMilli(),
		})
		if failure != nil {
			t.Fatal(failure)
		}
		shown := func(t *testing.T, p *page, f *farEnd) {
			t.Helper()
			p.connected()
			if got := transport.Fingerprint("sha-256", f.SCTP().Transport().GetRemoteCertificate()); got != certificate.Fingerprint() {
				t.Errorf("the far end sees %s, want %s", got, certificate.Fingerprint())
			}
		}
		t.Run(kind+" of a server", func(t *testing.T) {
			p, f := newPageWith(t, certificate, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
			p.addTransceiver("t1", "sendrecv")
			p.negotiate(f)
			shown(t, p, f)
		})
		t.Run(kind+" of a client", func(t *testing.T) {
			p, f := newPageWith(t, certificate, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
			p.setRemote("offer", f.offer(nil))
			p.setLocal("answer", p.createAnswer())
			f.accept(p.localSDP())
			shown(t, p, f)
		})
	}
}

func TestCertificatesAreValidForAYearAtMost(t *testing.T) {
	made, failure := GenerateCertificate(&protocol.CertificateGenerateParams{KeyType: "ecdsa", Expires: 1 << 62})
	if failure != nil || made.Fingerprint() == "" {
		t.Errorf("%v %v", made, failure)
	}
	_, failure = GenerateCertificate(&protocol.CertificateGenerateParams{KeyType: "x"})
	if failure == nil || failure.Name != protocol.NotSupportedError {
		t.Errorf("an unknown key: %v", failure)
	}
}
