package tlslink

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"time"
)

// Fingerprint names a key: the SHA-256 of its SubjectPublicKeyInfo.
type Fingerprint [sha256.Size]byte

func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// fingerprintOf names the key of a certificate.
func fingerprintOf(certificate *x509.Certificate) Fingerprint {
	return sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
}

const keyBlock = "PRIVATE KEY"

// loadIdentity reads this machine's key, or makes it, and wraps it in a
// certificate.
func loadIdentity(path string) (tls.Certificate, Fingerprint, error) {
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return tls.Certificate{}, Fingerprint{}, err
		}
		data, err = readPrivate(path)
	}
	if err != nil {
		return tls.Certificate{}, Fingerprint{}, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != keyBlock {
		return tls.Certificate{}, Fingerprint{}, fmt.Errorf("%s holds no key; remove it and pair again", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return tls.Certificate{}, Fingerprint{}, fmt.Errorf("%s holds no Ed25519 key; remove it and pair again", path)
	}
	return wrap(key)
}

// makeKey makes a key unless another process was faster.
func makeKey(path string) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePrivate(path, pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: encoded}), false)
}

// wrap makes the certificate that TLS wants around a key.
func wrap(key ed25519.PrivateKey) (tls.Certificate, Fingerprint, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, Fingerprint{}, err
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		return tls.Certificate{}, Fingerprint{}, err
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, fingerprintOf(leaf), nil
}
