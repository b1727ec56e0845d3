package transport

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCertificateAndFingerprint(t *testing.T) {
	c, err := NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(c.DER())
	plain := strings.ReplaceAll(c.Fingerprint(), ":", "")
	if !strings.EqualFold(plain, fmt.Sprintf("%x", sum)) {
		t.Errorf("fingerprint %s", c.Fingerprint())
	}
	if got := Fingerprint("SHA-256", c.DER()); got != c.Fingerprint() {
		t.Errorf("upper case gives %q", got)
	}
	if got := Fingerprint("md5", c.DER()); got != "" {
		t.Errorf("md5 gives %q", got)
	}
}

func TestCredentialsAreFresh(t *testing.T) {
	a, b := NewCredentials(), NewCredentials()
	if a == b || len(a.Ufrag) < 4 || len(a.Pwd) < 22 {
		t.Errorf("%v %v", a, b)
	}
}

func TestParseServer(t *testing.T) {
	for url, protocol := range map[string]string{
		"turn:host:3478":               "udp",
		"turn:host:3478?transport=tcp": "tcp",
		"turns:host":                   "tls",
	} {
		s, err := ParseServer(url, "u", "p")
		if err != nil || !s.relays() || s.relayProtocol() != protocol {
			t.Errorf("%s: %+v %v", url, s, err)
		}
		if _, err := ParseServer(url, "u", ""); !errors.Is(err, ErrNoCredentials) {
			t.Errorf("%s without a credential: %v", url, err)
		}
	}
	if s, err := ParseServer("stun:host", "", ""); err != nil || s.relays() {
		t.Errorf("stun: %+v %v", s, err)
	}
	if _, err := ParseServer("ftp:host", "", ""); err == nil {
		t.Error("ftp is accepted")
	}
}

func TestClosedTransportMakesNothing(t *testing.T) {
	transport := New(Config{})
	transport.Close()
	transport.Close()
	if _, err := transport.NewGeneration(NewCredentials(), nil, false); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := transport.WriteRTCP(); !errors.Is(err, ErrNotReady) {
		t.Errorf("got %v", err)
	}
}
