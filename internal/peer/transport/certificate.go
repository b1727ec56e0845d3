package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"hash"
	"math/big"
	"strings"
	"time"
)

// Certificate is a self-signed certificate with its key.
type Certificate struct {
	tls tls.Certificate
	der []byte
}

// NewCertificate makes an ECDSA P-256 certificate that is valid for 30 days,
// the defaults of WebRTC 1.0, section 4.10.2.
func NewCertificate() (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "WebRTC"},
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.Add(30 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return &Certificate{
		tls: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		der: der,
	}, nil
}

// DER returns the certificate.
func (c *Certificate) DER() []byte { return c.der }

// Fingerprint returns the SHA-256 fingerprint as SDP writes it.
func (c *Certificate) Fingerprint() string { return Fingerprint("sha-256", c.der) }

// Fingerprint hashes a certificate as RFC 8122, section 5, writes it; it
// returns "" for a hash function that is unknown or broken.
func Fingerprint(algorithm string, der []byte) string {
	var h hash.Hash
	switch strings.ToLower(algorithm) {
	case "sha-1":
		h = sha1.New()
	case "sha-224":
		h = sha256.New224()
	case "sha-256":
		h = sha256.New()
	case "sha-384":
		h = sha512.New384()
	case "sha-512":
		h = sha512.New()
	default:
		return ""
	}
	h.Write(der)
	var b strings.Builder
	for i, octet := range h.Sum(nil) {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", octet)
	}
	return b.String()
}
