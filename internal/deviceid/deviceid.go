// Package deviceid makes the device ids that pages see: stable for one origin
// on one installation, different for every other, so that they cannot be used
// to follow a person from site to site (Media Capture and Streams, section
// "MediaDeviceInfo", deviceId).
package deviceid

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// SecretSize is the size of a secret in bytes.
const SecretSize = 32

// Salter derives ids from the backend's own with a secret that never leaves
// the machine.
type Salter struct {
	secret []byte
}

// NewSalter returns a salter that uses the secret.
func NewSalter(secret []byte) *Salter {
	return &Salter{secret: append([]byte{}, secret...)}
}

// Device returns the id by which the origin knows a device: 64 hexadecimal
// digits. Inputs and outputs with the same backend id differ.
func (s *Salter) Device(origin, kind, backendID string) string {
	return s.sum("device", origin, kind, backendID)
}

// Group returns the group id by which the origin knows a physical device.
func (s *Salter) Group(origin, key string) string {
	return s.sum("group", origin, key)
}

// sum authenticates the parts with their lengths, so that no two lists of
// parts are taken for each other.
func (s *Salter) sum(parts ...string) string {
	mac := hmac.New(sha256.New, s.secret)
	for _, part := range parts {
		length := len(part)
		mac.Write([]byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)})
		mac.Write([]byte(part))
	}
	return hex.EncodeToString(mac.Sum(nil))
}
