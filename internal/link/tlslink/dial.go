package tlslink

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"nearend/internal/link"
)

// handshakeWithin bounds TLS and, when pairing, the two proofs.
const handshakeWithin = 10 * time.Second

// Dial connects to the endpoint at an address that this machine was paired
// with, and to no other.
func (s *Store) Dial(ctx context.Context, address string) (net.Conn, error) {
	pin, err := s.endpointAt(address)
	if err != nil {
		return nil, err
	}
	connection, err := s.dial(ctx, address, linkProtocol, func(key Fingerprint) error {
		if key.String() != pin.Key {
			return fmt.Errorf("%w: another machine answers at %s than %s; pair again if it was set up anew", ErrNotPaired, address, pin.Name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &dialled{Conn: connection}, nil
}

// dialled is a connection that the endpoint may not have accepted yet: in TLS
// 1.3 it looks at the key when this side is already done.
type dialled struct {
	*tls.Conn
	// accepted is set by the first that is read; Read has one caller at a time.
	accepted bool
}

// Read says link.ErrRejected when the endpoint does not accept this machine.
func (d *dialled) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	var failure *net.OpError
	if err != nil && !d.accepted && errors.As(err, &failure) && failure.Op == "remote error" {
		err = fmt.Errorf("%w: %w", link.ErrRejected, err)
	}
	d.accepted = d.accepted || n > 0
	return n, err
}

// Pair pairs this machine, under the name given, with the endpoint at an
// address by the code that is shown there.
func (s *Store) Pair(ctx context.Context, address, name, typed string) (Pin, error) {
	code, err := readCode(typed)
	if err != nil {
		return Pin{}, err
	}
	key, err := deriveKey(code, s.rounds)
	if err != nil {
		return Pin{}, err
	}
	// Who it is will be proven inside.
	var desk Fingerprint
	connection, err := s.dial(ctx, address, pairProtocol, func(key Fingerprint) error { desk = key; return nil })
	if err != nil {
		return Pin{}, err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(handshakeWithin)); err != nil {
		return Pin{}, err
	}
	proofs, err := bind(key, connection.ConnectionState(), s.own, desk)
	if err != nil {
		return Pin{}, err
	}
	if err := proofs.send(connection, fromSessionHost, cleanName(name)); err != nil {
		return Pin{}, errors.Join(ErrRefused, err)
	}
	deskName, err := proofs.receive(connection, fromDesk)
	if err != nil {
		return Pin{}, errors.Join(ErrRefused, err)
	}
	pin := Pin{Role: Endpoint, Name: cleanName(deskName), Key: desk.String(), Address: address, Since: time.Now()}
	return pin, s.add(pin)
}

func (s *Store) dial(ctx context.Context, address, protocol string, check func(Fingerprint) error) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeWithin)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{s.identity},
		NextProtos:   []string{protocol},
		// Not the certificate's issuer counts, but its key, which check sees.
		InsecureSkipVerify: true,
		VerifyConnection:   func(state tls.ConnectionState) error { return checkPeer(state, protocol, check) },
	}}
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return connection.(*tls.Conn), nil
}

// checkPeer hands the other side's key to a check.
func checkPeer(state tls.ConnectionState, protocol string, check func(Fingerprint) error) error {
	if state.NegotiatedProtocol != protocol || len(state.PeerCertificates) == 0 {
		return errors.New("what answers is no endpoint")
	}
	return check(fingerprintOf(state.PeerCertificates[0]))
}
