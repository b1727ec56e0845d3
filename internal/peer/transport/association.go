package transport

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/srtp/v3"
)

// Association is one DTLS association and the SRTP keys made from it
// (RFC 5764).
type Association struct {
	transport *Transport
	security  security
	packets   *packetConn
	data      *dataConn
	ctx       context.Context
	cancel    context.CancelFunc
	done      chan struct{}

	mu      sync.Mutex
	state   string
	conn    *dtls.Conn
	remote  []byte
	profile dtls.SRTPProtectionProfile
	cipher  string

	sendMu, receiveMu sync.Mutex
	outgoing          *srtp.Context
	incoming          *srtp.Context
}

const (
	handshakeTimeout = 30 * time.Second
	replayWindow     = 128
)

var errFingerprint = errors.New("the far end's certificate does not match its fingerprint")

func newAssociation(t *Transport, s security) *Association {
	ctx, cancel := context.WithCancel(context.Background())
	a := &Association{
		transport: t, security: s, state: "connecting", ctx: ctx, cancel: cancel,
		done: make(chan struct{}), packets: newPacketConn(t.send),
	}
	a.data = &dataConn{packetConn: newPacketConn(nil), write: a.writeData}
	return a
}

// Client says whether this side is the DTLS client.
func (a *Association) Client() bool { return a.security.client }

// Data returns the connection for SCTP. It fails once the association ends.
func (a *Association) Data() net.Conn { return a.data }

// State is the RTCDtlsTransportState.
func (a *Association) State() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// RemoteCertificate returns the far end's certificate, nil before it is known.
func (a *Association) RemoteCertificate() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.remote
}

func (a *Association) become(state string) {
	a.mu.Lock()
	a.state = state
	a.mu.Unlock()
	a.transport.notify()
}

// run does the handshake and then reads until the end.
func (a *Association) run() {
	defer close(a.done)
	defer a.data.Close()
	if err := a.handshake(); err != nil {
		if a.ctx.Err() == nil {
			a.transport.config.Log.Warn().Err(err).Msg("DTLS handshake failed")
			a.become("failed")
		}
		return
	}
	a.become("connected")
	if a.transport.config.OnOpen != nil {
		a.transport.config.OnOpen(a)
	}
	buffer := make([]byte, 1<<16)
	for {
		n, err := a.conn.Read(buffer)
		if err != nil {
			break
		}
		a.data.deliver(buffer[:n])
	}
	a.become("closed")
}

func (a *Association) handshake() error {
	ctx, cancel := context.WithTimeout(a.ctx, handshakeTimeout)
	defer cancel()
	conn, err := a.dial()
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.conn = conn
	a.mu.Unlock()
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return fmt.Errorf("handshake: %w", err)
	}
	if err := a.keys(conn); err != nil {
		_ = conn.Close()
		return err
	}
	return nil
}

func (a *Association) dial() (*dtls.Conn, error) {
	shared := []dtls.Option{
		dtls.WithCertificates(a.transport.config.Certificate.tls),
		dtls.WithSRTPProtectionProfiles(
			dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		// The fingerprint authenticates, not a chain (RFC 8827, section 6.5).
		dtls.WithInsecureSkipVerify(true),
		dtls.WithVerifyPeerCertificate(a.verify),
		dtls.WithFlightInterval(200 * time.Millisecond),
		dtls.WithLoggerFactory(a.transport.config.loggers()),
	}
	if a.security.client {
		options := make([]dtls.ClientOption, len(shared))
		for i, o := range shared {
			options[i] = o
		}
		return dtls.ClientWithOptions(a.packets, pathAddr{}, options...)
	}
	options := make([]dtls.ServerOption, len(shared), len(shared)+1)
	for i, o := range shared {
		options[i] = o
	}
	options = append(options, dtls.WithClientAuth(dtls.RequireAnyClientCert))
	return dtls.ServerWithOptions(a.packets, pathAddr{}, options...)
}

// verify accepts a certificate that matches one of the signalled fingerprints
// (RFC 8122, section 5).
func (a *Association) verify(raw [][]byte, _ [][]*x509.Certificate) error {
	if len(raw) == 0 {
		return errFingerprint
	}
	for _, f := range a.security.fingerprints {
		if got := Fingerprint(f.Algorithm, raw[0]); got != "" && strings.EqualFold(got, f.Value) {
			a.mu.Lock()
			a.remote = raw[0]
			a.mu.Unlock()
			return nil
		}
	}
	return errFingerprint
}

func (a *Association) writeData(p []byte) (int, error) {
	a.mu.Lock()
	conn, state := a.conn, a.state
	a.mu.Unlock()
	if conn == nil || state != "connected" {
		return 0, ErrNotReady
	}
	return conn.Write(p)
}

// close sends close_notify and waits for run to end.
func (a *Association) close() {
	a.cancel()
	a.mu.Lock()
	conn := a.conn
	a.mu.Unlock()
	if conn != nil {
		_ = conn.Close()
	}
	_ = a.packets.Close()
	<-a.done
}

// Done is closed when the association has ended.
func (a *Association) Done() <-chan struct{} { return a.done }
