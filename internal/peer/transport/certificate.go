package transport

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
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

// Kinds of keys.
const (
	ECDSA = "ecdsa" // on P-256
	RSA   = "rsa"   // of 2048 bits
)

// NewCertificate makes an ECDSA certificate that is valid for 30 days, the
// defaults of WebRTC 1.0, section 4.10.2.
func NewCertificate() (*Certificate, error) {
	return GenerateCertificate(ECDSA, time.Now().Add(30*24*time.Hour))
}

// GenerateCertificate makes a certificate with a new key of a kind.
func GenerateCertificate(kind string, expires time.Time) (*Certificate, error) {
	var key crypto.Signer
	var err error
	switch kind {
	case ECDSA:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case RSA:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		err = fmt.Errorf("the kind %q is unknown", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "WebRTC"},
		NotBefore:    time.Now().Add(-24 * time.Hour),
		NotAfter:     expires,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
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
