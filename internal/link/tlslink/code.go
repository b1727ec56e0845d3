package tlslink

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
)

const (
	// alphabet is Crockford's base 32, which has nothing that looks alike.
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	// codeLength makes 60 bits.
	codeLength = 12
	codeRounds = 600_000
)

// ErrCode means that what was typed is not a pairing code.
var ErrCode = errors.New("that is not a pairing code; it has 12 letters and digits")

// newCode makes a code, without hyphens.
func newCode() string {
	var bytes [codeLength]byte
	rand.Read(bytes[:])
	for i, b := range bytes {
		bytes[i] = alphabet[b%byte(len(alphabet))]
	}
	return string(bytes[:])
}

// showCode groups a code for people.
func showCode(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }

// readCode takes a code as a person has typed it.
func readCode(typed string) (string, error) {
	code := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(typed)))
	if len(code) != codeLength || strings.Trim(code, alphabet) != "" {
		return "", ErrCode
	}
	return code, nil
}

// deriveKey makes the key of the proofs. A code is used once, so that one salt
// serves all.
func deriveKey(code string, rounds int) ([]byte, error) {
	return pbkdf2.Key(sha256.New, code, []byte("nearend pairing 1"), rounds, sha256.Size)
}
