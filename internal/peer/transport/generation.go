package transport

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// Generation is ICE with one set of local credentials, from gathering until it
// is replaced by a restart. Methods are safe for concurrent use.
type Generation struct {
	transport   *Transport
	agent       *ice.Agent
	credentials Credentials
	servers     []Server
	relayOnly   bool
	// number counts the generations of a transport.
	number uint64

	mu       sync.Mutex
	state    ice.ConnectionState
	gathered bool
	started  bool
	lite     bool
	role     string
	remote   Credentials
	// remoteEnd is set once the far end said that no candidate follows.
	remoteEnd bool
	// known holds remote candidates as they were added, without duplicates.
	known   map[string]bool
	conn    *ice.Conn
	closing bool
	// wg counts the read loop.
	wg sync.WaitGroup
}

var errMalformed = errors.New("malformed candidate")

// maxRemoteCandidates bounds the candidates of one generation.
const maxRemoteCandidates = 256

// NewGeneration makes an agent with the given credentials and starts gathering.
func (t *Transport) NewGeneration(credentials Credentials, servers []Server, relayOnly bool) (*Generation, error) {
	options := append(t.config.Settings.options(),
		ice.WithLocalCredentials(credentials.Ufrag, credentials.Pwd),
		ice.WithLoggerFactory(t.config.loggers()))
	uris := make([]*stun.URI, len(servers))
	for i, server := range servers {
		uris[i] = server.uri
	}
	options = append(options, ice.WithUrls(uris))
	if relayOnly {
		options = append(options, ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeRelay}))
	}
	agent, err := ice.NewAgentWithOptions(options...)
	if err != nil {
		return nil, fmt.Errorf("make an ICE agent: %w", err)
	}
	g := &Generation{
		transport: t, agent: agent, credentials: credentials, servers: servers, relayOnly: relayOnly,
		state: ice.ConnectionStateNew, known: map[string]bool{},
	}
	if !t.register(g) {
		_ = agent.Close()
		return nil, ErrClosed
	}
	// These fail only on a closed agent.
	_ = agent.OnCandidate(g.candidate)
	_ = agent.OnConnectionStateChange(g.changed)
	_ = agent.OnSelectedCandidatePairChange(func(ice.Candidate, ice.Candidate) { t.selected(g) })
	if err := agent.GatherCandidates(); err != nil {
		t.Discard(g)
		return nil, fmt.Errorf("gather candidates: %w", err)
	}
	return g, nil
}

// Credentials returns the local credentials.
func (g *Generation) Credentials() Credentials { return g.credentials }

// Gathered says whether gathering is complete.
func (g *Generation) Gathered() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gathered
}

// Role is "controlling", "controlled" or "" before Start.
func (g *Generation) Role() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.role
}

// Remote returns the far end's credentials, empty before Start.
func (g *Generation) Remote() Credentials {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.remote
}

// State is the RTCIceTransportState of this generation.
func (g *Generation) State() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch g.state {
	case ice.ConnectionStateChecking:
		return "checking"
	case ice.ConnectionStateConnected, ice.ConnectionStateCompleted:
		if g.gathered && g.remoteEnd {
			return "completed"
		}
		return "connected"
	case ice.ConnectionStateDisconnected:
		return "disconnected"
	case ice.ConnectionStateFailed:
		return "failed"
	case ice.ConnectionStateClosed:
		return "closed"
	default:
		return "new"
	}
}

// Start begins connectivity checks. It does nothing when they have begun.
func (g *Generation) Start(controlling, remoteLite bool, remote Credentials) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.started || g.closing {
		return nil
	}
	start := g.agent.StartAccept
	g.role = "controlled"
	if controlling {
		start, g.role = g.agent.StartDial, "controlling"
	}
	if err := g.agent.SetRemoteICELite(remoteLite); err != nil {
		return fmt.Errorf("start ICE: %w", err)
	}
	conn, err := start(remote.Ufrag, remote.Pwd)
	if err != nil {
		return fmt.Errorf("start ICE: %w", err)
	}
	g.started, g.lite, g.remote, g.conn = true, remoteLite, remote, conn
	g.wg.Go(func() { g.read(conn) })
	return nil
}

// AddRemote adds a candidate of the far end, "candidate:…". An empty line is
// the end of candidates. A candidate of a kind that cannot be used (an unknown
// transport, component 2) is ignored, as browsers do.
func (g *Generation) AddRemote(line string) error {
	line = strings.TrimPrefix(strings.TrimSpace(line), "a=")
	if line == "" {
		g.mu.Lock()
		g.remoteEnd = true
		g.mu.Unlock()
		return nil
	}
	if !strings.HasPrefix(line, "candidate:") {
		return errMalformed
	}
	fields := strings.Fields(line)
	if len(fields) < 8 || fields[6] != "typ" {
		return errMalformed
	}
	if fields[1] != "1" {
		return nil
	}
	if p := strings.ToLower(fields[2]); p != "udp" && p != "tcp" {
		return nil
	}
	candidate, err := ice.UnmarshalCandidate(line)
	if err != nil {
		return errMalformed
	}
	key := strings.Join(fields[2:8], " ")
	g.mu.Lock()
	fresh := !g.known[key] && len(g.known) < maxRemoteCandidates && !g.closing
	if fresh {
		g.known[key] = true
	}
	g.mu.Unlock()
	if !fresh {
		return nil
	}
	if err := g.agent.AddRemoteCandidate(candidate); err != nil {
		return fmt.Errorf("add a candidate: %w", err)
	}
	return nil
}

// read passes what arrives to the demultiplexer until the agent is closed.
func (g *Generation) read(conn *ice.Conn) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		g.transport.arrived(buffer[:n])
	}
}

func (g *Generation) changed(state ice.ConnectionState) {
	g.mu.Lock()
	g.state = state
	g.mu.Unlock()
	if state == ice.ConnectionStateConnected {
		g.transport.connected(g)
	}
	g.transport.notify()
}

// Close ends the agent and waits for its goroutines.
func (g *Generation) Close() {
	g.mu.Lock()
	g.closing = true
	g.mu.Unlock()
	_ = g.agent.GracefulClose()
	g.wg.Wait()
}
