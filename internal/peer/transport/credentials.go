package transport

import "crypto/rand"

// Credentials are an ICE user name fragment and password.
type Credentials struct {
	Ufrag, Pwd string
}

const iceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// NewCredentials makes random credentials of 24 and 144 bits (RFC 8445,
// section 5.3).
func NewCredentials() Credentials {
	random := make([]byte, 28)
	// crypto/rand.Read never fails since Go 1.24.
	_, _ = rand.Read(random)
	for i, b := range random {
		random[i] = iceChars[b%64]
	}
	return Credentials{Ufrag: string(random[:4]), Pwd: string(random[4:])}
}
