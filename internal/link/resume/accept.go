package resume

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"nearend/internal/link"
)

const (
	// DefaultGrace is how long an endpoint keeps a session that is detached.
	DefaultGrace = 60 * time.Second
	// maxSessions bounds the sessions, maxStreams the streams of one acceptor.
	maxSessions = 64
	maxStreams  = 2 * maxSessions
)

// Acceptor is the endpoint's side of all sessions. Its methods are safe for
// concurrent use.
type Acceptor struct {
	grace time.Duration
	serve func(link.Link)

	mu       sync.Mutex
	closed   bool
	sessions map[[idSize]byte]*session
	ways     map[link.Link]struct{}
	running  sync.WaitGroup
}

// NewAcceptor returns an acceptor that calls serve, in a goroutine, for each
// new session, and closes the session's link when that returns. A session that
// is detached ends after the grace period.
func NewAcceptor(grace time.Duration, serve func(link.Link)) *Acceptor {
	return &Acceptor{
		grace:    grace,
		serve:    serve,
		sessions: make(map[[idSize]byte]*session),
		ways:     make(map[link.Link]struct{}),
	}
}

// Accept takes a stream that a native messaging host has made, which it then
// owns, and returns when the stream has ended, with the reason. The owner is
// who is known to be at its other end; a session is resumed by its owner alone.
func (a *Acceptor) Accept(stream io.ReadWriteCloser, owner string) error {
	way := link.NewStream(stream)
	defer way.Close()
	if err := a.enter(way); err != nil {
		return err
	}
	defer a.leave(way)
	s, greeting, err := a.greet(way, owner)
	if err != nil {
		return err
	}
	return s.carry(way, greeting)
}

// Close ends all sessions and streams and waits for them.
func (a *Acceptor) Close() {
	a.mu.Lock()
	a.closed = true
	var closing sync.WaitGroup
	for _, s := range a.sessions {
		closing.Go(func() { s.Close() })
	}
	for way := range a.ways {
		closing.Go(func() { way.Close() })
	}
	a.mu.Unlock()
	closing.Wait()
	a.running.Wait()
}

// Evict ends the sessions of an owner.
func (a *Acceptor) Evict(owner string) {
	a.mu.Lock()
	var evicted []*session
	for _, s := range a.sessions {
		if s.owner == owner {
			evicted = append(evicted, s)
		}
	}
	a.mu.Unlock()
	var closing sync.WaitGroup
	for _, s := range evicted {
		closing.Go(func() { s.Close() })
	}
	closing.Wait()
}

func (a *Acceptor) enter(way link.Link) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return link.ErrClosed
	}
	if len(a.ways) >= maxStreams {
		return ErrTooMany
	}
	a.ways[way] = struct{}{}
	a.running.Add(1)
	return nil
}

func (a *Acceptor) leave(way link.Link) {
	a.mu.Lock()
	delete(a.ways, way)
	a.mu.Unlock()
	a.running.Done()
}

// greet reads the first message and attaches the way to the session that it
// is for. The greeting is the answer.
func (a *Acceptor) greet(way link.Link, owner string) (*session, []byte, error) {
	slow := time.AfterFunc(answerWithin, func() { way.Close() })
	defer slow.Stop()
	message, err := way.Receive()
	if err != nil {
		return nil, nil, err
	}
	k, body, err := parse(message)
	if err != nil {
		return nil, nil, err
	}
	switch k {
	case open:
		return a.open(way, owner)
	case resume:
		return a.resume(way, owner, body)
	default:
		return nil, nil, fmt.Errorf("%w: kind %d before a session", link.ErrMalformed, k)
	}
}

func (a *Acceptor) open(way link.Link, owner string) (*session, []byte, error) {
	var t ticket
	rand.Read(t.id[:])
	rand.Read(t.token[:])
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, nil, link.ErrClosed
	}
	if len(a.sessions) >= maxSessions {
		return nil, nil, refuse(way, tooManySessions)
	}
	s := newSession(t, a.grace)
	s.owner = owner
	if _, err := s.attach(way, 0); err != nil {
		return nil, nil, err
	}
	a.sessions[t.id] = s
	a.running.Go(func() { a.run(s) })
	return s, openedMessage(t, a.grace), nil
}

// run serves a session until it is over.
func (a *Acceptor) run(s *session) {
	a.serve(s)
	s.Close()
	a.mu.Lock()
	delete(a.sessions, s.ticket.id)
	a.mu.Unlock()
}

func (a *Acceptor) resume(way link.Link, owner string, body []byte) (*session, []byte, error) {
	t, received := parseTicket(body)
	a.mu.Lock()
	s := a.sessions[t.id]
	a.mu.Unlock()
	if s == nil || s.owner != owner || subtle.ConstantTimeCompare(s.ticket.token[:], t.token[:]) != 1 {
		return nil, nil, refuse(way, unknownSession)
	}
	have, err := s.attach(way, received)
	if err != nil {
		return nil, nil, errors.Join(err, refuse(way, unknownSession))
	}
	return s, compose(resumed, number(have)), nil
}

// refuse says why and returns it.
func refuse(way link.Link, why reason) error {
	if err := way.Send(compose(refused, []byte{byte(why)})); err != nil {
		return err
	}
	return why.err()
}
