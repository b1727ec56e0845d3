package tlslink

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	// maxHandshakes bounds connections of which it is not yet known whose they
	// are, maxAttempts the wrong proofs against one code.
	maxHandshakes = 32
	maxAttempts   = 5
	// revokedWithin is how long a connection outlives its pin.
	revokedWithin = 2 * time.Second
	// acceptPause is how long not to listen after that has failed.
	acceptPause = 100 * time.Millisecond
)

// Listener takes connections of paired session hosts, and pairs one while a
// code is shown.
type Listener struct {
	store    *Store
	listener net.Listener
	slots    chan struct{}
	running  sync.WaitGroup
	done     chan struct{}

	mu sync.Mutex
	// open are the connections, by what their pin is; nil before that is known.
	open map[net.Conn]*Pin
	// attempts counts the wrong proofs against the offer with that key.
	attempts int
	against  string
}

// Listen starts to listen. Serve must follow.
func (s *Store) Listen(ctx context.Context, address string) (*Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &Listener{
		store:    s,
		listener: listener,
		slots:    make(chan struct{}, maxHandshakes),
		done:     make(chan struct{}),
		open:     make(map[net.Conn]*Pin),
	}, nil
}

// Address is where it listens.
func (l *Listener) Address() net.Addr { return l.listener.Addr() }

// Serve calls handle in a goroutine of its own for each connection of a paired
// session host, and closes the connection when handle returns. told is called
// when a machine was paired, or a connection came to nothing. It returns, once
// all of that has ended, after Close.
func (l *Listener) Serve(handle func(net.Conn, Pin), told func(*Pin, error)) {
	l.running.Go(l.watch)
	defer l.running.Wait()
	for {
		connection, err := l.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Too many files are open, or the connection was gone already.
			told(nil, err)
			select {
			case <-l.done:
			case <-time.After(acceptPause):
			}
			continue
		}
		select {
		case l.slots <- struct{}{}:
		default:
			connection.Close()
			continue
		}
		if !l.enter(connection) {
			<-l.slots
			continue
		}
		l.running.Go(func() {
			defer l.leave(connection)
			l.take(connection, handle, told)
		})
	}
}

// Close ends listening and all connections.
func (l *Listener) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
		return
	default:
	}
	close(l.done)
	l.listener.Close()
	for connection := range l.open {
		connection.Close()
	}
}

func (l *Listener) enter(connection net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
		connection.Close()
		return false
	default:
		l.open[connection] = nil
		return true
	}
}

func (l *Listener) leave(connection net.Conn) {
	connection.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, connection)
}

// take finds out whose connection it is.
func (l *Listener) take(raw net.Conn, handle func(net.Conn, Pin), told func(*Pin, error)) {
	connection, pin, err := l.handshake(raw)
	if err == nil && connection.ConnectionState().NegotiatedProtocol == pairProtocol {
		pin, err = l.pair(connection)
		<-l.slots
		told(pin, err)
		return
	}
	<-l.slots
	if err != nil {
		told(nil, err)
		return
	}
	l.mu.Lock()
	l.open[raw] = pin
	l.mu.Unlock()
	handle(connection, *pin)
}

func (l *Listener) handshake(raw net.Conn) (*tls.Conn, *Pin, error) {
	if err := raw.SetDeadline(time.Now().Add(handshakeWithin)); err != nil {
		return nil, nil, err
	}
	var pin *Pin
	connection := tls.Server(raw, &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{l.store.identity},
		NextProtos:             []string{linkProtocol, pairProtocol},
		ClientAuth:             tls.RequireAnyClientCert,
		SessionTicketsDisabled: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			switch state.NegotiatedProtocol {
			case linkProtocol:
				found, err := l.store.find(SessionHost, fingerprintOf(state.PeerCertificates[0]).String())
				pin = &found
				return err
			case pairProtocol:
				_, err := l.store.offer()
				return err
			default:
				return fmt.Errorf("%w: it speaks no protocol of a session host", ErrNotPaired)
			}
		},
	})
	if err := connection.Handshake(); err != nil {
		return nil, nil, err
	}
	if pin != nil {
		return connection, pin, raw.SetDeadline(time.Time{})
	}
	return connection, nil, nil
}

// pair checks that a session host knows the code and proves the same.
func (l *Listener) pair(connection *tls.Conn) (*Pin, error) {
	o, err := l.store.offer()
	if err != nil {
		return nil, err
	}
	state := connection.ConnectionState()
	key := fingerprintOf(state.PeerCertificates[0])
	proofs, err := bind(o.Key, state, key, l.store.own)
	if err != nil {
		return nil, err
	}
	if err := l.attempt(o); err != nil {
		return nil, err
	}
	name, err := proofs.receive(connection, fromSessionHost)
	if err != nil {
		return nil, errors.Join(err, l.failed(o))
	}
	// The first one to take the offer away has it.
	if valid, err := l.store.Withdraw(); err != nil || !valid {
		return nil, errors.Join(errNoOffer, err)
	}
	pin := &Pin{Role: SessionHost, Name: cleanName(name), Key: key.String(), Since: time.Now()}
	if err := l.store.add(*pin); err != nil {
		return nil, err
	}
	return pin, proofs.send(connection, fromDesk, o.Name)
}

// attempt counts one, before it is known how it ends, so that many at once are
// no way to more of them.
func (l *Listener) attempt(o offer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.against != string(o.Key) {
		l.against, l.attempts = string(o.Key), 0
	}
	if l.attempts >= maxAttempts {
		return errNoOffer
	}
	l.attempts++
	return nil
}

// failed withdraws a code after the last attempt.
func (l *Listener) failed(o offer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.against != string(o.Key) || l.attempts < maxAttempts {
		return nil
	}
	_, err := l.store.Withdraw()
	return err
}

// watch ends connections whose pin is gone.
func (l *Listener) watch() {
	ticker := time.NewTicker(revokedWithin)
	defer ticker.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-ticker.C:
		}
		l.mu.Lock()
		for connection, pin := range l.open {
			if pin != nil && !l.store.Has(*pin) {
				connection.Close()
			}
		}
		l.mu.Unlock()
	}
}
