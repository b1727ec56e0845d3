package transport

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/rs/zerolog"
)

// ErrClosed says that the transport is closed, ErrNotReady that no keys are
// negotiated yet.
var (
	ErrClosed   = errors.New("transport is closed")
	ErrNotReady = errors.New("transport is not connected")
)

// Config is what a transport is made of. Callbacks may be nil; packets passed
// to them are the caller's again on return.
type Config struct {
	Settings    Settings
	Certificate *Certificate
	Log         zerolog.Logger
	// OnCandidate, OnGathered and OnCandidateError report gathering.
	OnCandidate      func(*Generation, Candidate)
	OnGathered       func(*Generation)
	OnCandidateError func(*Generation, CandidateError)
	// OnChange says that a state may have changed.
	OnChange func()
	// OnRTP and OnRTCP give decrypted packets.
	OnRTP  func(*rtp.Packet, time.Time)
	OnRTCP func([]rtcp.Packet, time.Time)
	// OnOpen gives the association whose handshake has just succeeded.
	OnOpen func(*Association)
}

// Transport is one bundled transport. Methods are safe for concurrent use.
type Transport struct {
	config Config

	mu          sync.Mutex
	closed      bool
	numbers     uint64
	generations []*Generation
	active      *Generation
	// security is what the far end's description says, nil before.
	security *security
	// early are DTLS packets that came before the description.
	early [][]byte
	wg    sync.WaitGroup

	conn        atomic.Pointer[ice.Conn]
	association atomic.Pointer[Association]
	counters    counters
}

type security struct {
	client       bool
	fingerprints []Fingerprinted
}

// Fingerprinted is a fingerprint of the far end's certificate.
type Fingerprinted struct {
	Algorithm, Value string
}

// counters are of RTCTransportStats.
type counters struct {
	packetsSent, packetsReceived, bytesSent, bytesReceived, pairChanges atomic.Uint64
}

const maxEarly = 16

// New returns a transport with no generation.
func New(config Config) *Transport { return &Transport{config: config} }

// Certificate returns the local certificate.
func (t *Transport) Certificate() *Certificate { return t.config.Certificate }

// register makes a generation the transport's to close.
func (t *Transport) register(g *Generation) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.numbers++
	g.number = t.numbers
	t.generations = append(t.generations, g)
	return true
}

// Discard ends a generation without waiting for it; Close waits.
func (t *Transport) Discard(g *Generation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.discard(g)
}

func (t *Transport) discard(g *Generation) {
	i := slices.Index(t.generations, g)
	if i < 0 || t.closed {
		return
	}
	t.generations = slices.Delete(t.generations, i, i+1)
	if t.active == g {
		t.active = nil
		t.conn.Store(nil)
	}
	t.wg.Go(g.Close)
}

// Active returns the generation that carries packets, or nil.
func (t *Transport) Active() *Generation {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.active
}

// Secure gives the role and fingerprints that were negotiated. With the same
// as before nothing happens; with other fingerprints a new association begins
// on the newest generation (RFC 8842, section 5.5).
func (t *Transport) Secure(client bool, fingerprints []Fingerprinted) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.security != nil && slices.Equal(t.security.fingerprints, fingerprints) {
		return
	}
	t.security = &security{client, fingerprints}
	if old := t.association.Swap(nil); old != nil {
		t.wg.Go(old.close)
	}
	t.associate()
}

// Client says whether this side is, or will be, the DTLS client; ok is false
// before it is known.
func (t *Transport) Client() (client, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.security == nil {
		return false, false
	}
	return t.security.client, true
}

// associate starts the handshake once there is a path and a description.
func (t *Transport) associate() {
	if t.closed || t.active == nil || t.security == nil || t.association.Load() != nil {
		return
	}
	for _, g := range t.generations {
		// With a newer path on its way, the far end may be another on it.
		if g.number > t.active.number && g.Role() != "" {
			return
		}
	}
	a := newAssociation(t, *t.security)
	for _, packet := range t.early {
		a.packets.deliver(packet)
	}
	t.early = nil
	t.association.Store(a)
	t.wg.Go(a.run)
}

// connected makes a generation carry the packets when it is the newest.
func (t *Transport) connected(g *Generation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || !slices.Contains(t.generations, g) || t.active == g {
		return
	}
	old := t.active
	if old != nil && old.number > g.number {
		return
	}
	g.mu.Lock()
	conn := g.conn
	g.mu.Unlock()
	t.active = g
	t.conn.Store(conn)
	for _, other := range slices.Clone(t.generations) {
		if other.number < g.number {
			t.discard(other)
		}
	}
	t.associate()
}

// selected counts changes of the selected pair.
func (t *Transport) selected(g *Generation) {
	if t.Active() == g {
		t.counters.pairChanges.Add(1)
	}
	t.notify()
}

func (t *Transport) notify() {
	if t.config.OnChange != nil {
		t.config.OnChange()
	}
}

// DTLSState is the RTCDtlsTransportState.
func (t *Transport) DTLSState() string {
	if a := t.association.Load(); a != nil {
		return a.State()
	}
	return "new"
}

// Association returns the current association, or nil.
func (t *Transport) Association() *Association { return t.association.Load() }

// Close ends everything and waits for all goroutines.
func (t *Transport) Close() {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		t.wg.Wait()
		return
	}
	t.closed = true
	generations := t.generations
	t.generations = nil
	t.mu.Unlock()
	if a := t.association.Load(); a != nil {
		a.close()
	}
	for _, g := range generations {
		g.Close()
	}
	t.wg.Wait()
}
