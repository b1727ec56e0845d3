package endpoint_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nearend/internal/protocol"
)

func TestCertificates(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		generate := func(id, kind string) string {
			return fmt.Sprintf(`{"certificate":%q,"keyType":%q,"expires":%d}`, id, kind, time.Now().Add(time.Hour).UnixMilli())
		}
		first := succeed[protocol.CertificateGenerateResult](h, "1", protocol.CertificateGenerate, generate("c1", "ecdsa"))
		other := succeed[protocol.CertificateGenerateResult](h, "1", protocol.CertificateGenerate, generate("c2", "rsa"))
		if first == other || len(first.Fingerprint) != 3*32-1 {
			t.Errorf("fingerprints %v and %v", first, other)
		}
		h.fail("1", protocol.CertificateGenerate, generate("c1", "ecdsa"), protocol.InvalidStateError)
		h.fail("1", protocol.CertificateGenerate, generate("c:1", "ecdsa"), protocol.TypeError)
		h.fail("1", protocol.CertificateGenerate, generate("c3", "dsa"), protocol.NotSupportedError)
		create := func(pc, names string) string {
			return fmt.Sprintf(`{"pc":%q,"configuration":{"iceServers":[],"certificates":[%s]}}`, pc, names)
		}
		succeed[protocol.PCReply](h, "1", protocol.PCCreate, create("p1", `"c2","c1"`))
		succeed[struct{}](h, "1", protocol.DataChannelCreate,
			`{"pc":"p1","channel":"d1","options":{"label":"","ordered":true,"protocol":"","negotiated":false}}`)
		offer := succeed[protocol.PCDescriptionReply](h, "1", protocol.PCCreateOffer, `{"pc":"p1"}`)
		if !strings.Contains(offer.Description.SDP, other.Fingerprint) {
			t.Errorf("the offer has not %s: %s", other.Fingerprint, offer.Description.SDP)
		}
		// One that was refused does not exist, nor does that of another document.
		h.fail("1", protocol.PCCreate, create("p2", `"c3"`), protocol.InvalidStateError)
		h.announce("2", "https://phone.example")
		h.fail("2", protocol.PCCreate, create("p1", `"c1"`), protocol.InvalidStateError)
		for i := 2; i < protocol.MaxCertificates; i++ {
			succeed[protocol.CertificateGenerateResult](h, "1", protocol.CertificateGenerate, generate(fmt.Sprint("x", i), "ecdsa"))
		}
		h.fail("1", protocol.CertificateGenerate, generate("more", "ecdsa"), protocol.QuotaExceededError)
	})
}
