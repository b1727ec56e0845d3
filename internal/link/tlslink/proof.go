package tlslink

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"io"
)

// The ALPN names of the two protocols.
const (
	linkProtocol = "nearend/1"
	pairProtocol = "nearend-pair/1"
)

// side says whose proof it is.
type side string

const (
	fromSessionHost side = "session host"
	fromDesk        side = "desk"
)

// ErrRefused means that the other side did not accept the code, or could not
// prove that it knows it.
var ErrRefused = errors.New("pairing was refused: no code is shown there, it is another one, it was typed wrong too often, or somebody is in between; show a new code and try again")

// binding is what both proofs of one pairing rest on.
type binding struct {
	key []byte
	// exported belongs to this TLS connection.
	exported []byte
	// sessionHost and desk are the two keys.
	sessionHost, desk Fingerprint
}

func bind(key []byte, state tls.ConnectionState, sessionHost, desk Fingerprint) (*binding, error) {
	exported, err := state.ExportKeyingMaterial("EXPORTER-nearend-pairing", nil, sha256.Size)
	if err != nil {
		return nil, err
	}
	return &binding{key: key, exported: exported, sessionHost: sessionHost, desk: desk}, nil
}

// prove makes a side's proof, which covers its name. All before the name has
// one size, but for the side, which is one of two.
func (b *binding) prove(by side, name string) []byte {
	mac := hmac.New(sha256.New, b.key)
	for _, part := range [][]byte{[]byte(by), {0}, b.exported, b.sessionHost[:], b.desk[:], []byte(name)} {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// send sends a name and the proof: the length of the name, the name, 32 bytes.
func (b *binding) send(way io.Writer, by side, name string) error {
	message := append([]byte{byte(len(name))}, name...)
	_, err := way.Write(append(message, b.prove(by, name)...))
	return err
}

// receive reads a name and checks the proof.
func (b *binding) receive(way io.Reader, by side) (string, error) {
	var length [1]byte
	if _, err := io.ReadFull(way, length[:]); err != nil {
		return "", err
	}
	message := make([]byte, int(length[0])+sha256.Size)
	if _, err := io.ReadFull(way, message); err != nil {
		return "", err
	}
	name := string(message[:length[0]])
	if len(name) > maxName || !hmac.Equal(message[length[0]:], b.prove(by, name)) {
		return "", ErrRefused
	}
	return name, nil
}
