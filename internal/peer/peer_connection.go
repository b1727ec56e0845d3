package peer

import (
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
	"nearend/internal/rtpstream"
)

// Out receives a peer connection's replies and notifications in order. Calls
// must not block; they come under the peer connection's lock.
type Out interface {
	Reply(id uint64, result any, err *protocol.Error)
	Notify(method protocol.Method, params any)
}

// Pacer may be implemented by an Out. Pace is called before each message of a
// data channel, not under the lock, and may wait until there is room for it:
// that slows the far end down.
type Pacer interface {
	Pace()
}

// Config is what a peer connection needs from its document.
type Config struct {
	Media rtpstream.Media
	Out   Out
	Log   zerolog.Logger
	// Status is called, not under the lock, when connectionState becomes or
	// ceases to be "connected", and once with false when the connection closes.
	Status func(connected bool)
	// Certificate is what the page chose for DTLS; nil means one of its own.
	Certificate *Certificate
	// API holds the shared settings; nil means the defaults.
	API *API
}

// PeerConnection is one redirected RTCPeerConnection. Methods are safe for
// concurrent use.
type PeerConnection struct {
	id     string
	media  rtpstream.Media
	out    Out
	log    zerolog.Logger
	status func(bool)

	queue     queue
	router    router
	transport *transport.Transport
	// sequence counts packets for transport-wide congestion control.
	sequence atomic.Uint32
	// cname names this endpoint in RTCP (RFC 7022).
	cname string

	mu sync.Mutex
	// The fields below are guarded by mu.
	closed        bool
	configuration configuration
	signaling     signaling
	ice           iceState
	transceivers  []*transceiver
	data          dataChannels
	snapshots     snapshots
	needed        bool
	connected     bool
	// minted counts ids made by the endpoint, and mids.
	minted int
	// after runs once the lock is released.
	after []func()
}

// New returns a peer connection with the given configuration. The endpoint
// answers pc.create with PCReply{Snapshot: p.Snapshot()}.
func New(config Config, params protocol.PCCreateParams) (*PeerConnection, *protocol.Error) {
	if err := checkID(params.PC); err != nil {
		return nil, err
	}
	parsed, err := parseConfiguration(params.Configuration)
	if err != nil {
		return nil, err
	}
	certificate := config.Certificate
	if certificate == nil {
		var failure error
		if certificate, failure = transport.NewCertificate(); failure != nil {
			return nil, protocol.NewError(protocol.OperationError, failure.Error())
		}
	}
	api := config.API
	if api == nil {
		api = NewAPI()
	}
	p := &PeerConnection{
		id:            params.PC,
		media:         config.Media,
		out:           config.Out,
		log:           config.Log,
		status:        config.Status,
		cname:         uuid.NewString(),
		configuration: parsed,
	}
	p.signaling.init()
	p.data.init()
	p.transport = transport.New(transport.Config{
		Settings:         api.settings,
		Certificate:      certificate,
		Log:              config.Log,
		OnCandidate:      p.gathered,
		OnGathered:       p.gatheringDone,
		OnCandidateError: p.candidateError,
		OnChange:         p.changed,
		OnRTP:            p.router.packet,
		OnRTCP:           p.feedback,
		OnOpen:           p.secured,
	})
	p.router.init()
	p.queue.init()
	go p.serve()
	return p, nil
}

// Snapshot returns what changed since the last snapshot.
func (p *PeerConnection) Snapshot() protocol.Snapshot {
	p.lock()
	defer p.unlock()
	return p.snapshot()
}

// Handle queues one request; its reply goes to Out with id. Beyond
// protocol.MaxQueuedRequests waiting requests it fails at once.
func (p *PeerConnection) Handle(id uint64, method protocol.Method, params json.RawMessage) {
	if p.queue.push(func() bool { return p.handle(id, method, params) }) {
		return
	}
	p.lock()
	defer p.unlock()
	if !p.closed {
		p.out.Reply(id, nil, protocol.NewError(protocol.QuotaExceededError, "too many requests are waiting"))
	}
}

// Close ends the peer connection at once: queued requests get no reply, as the
// promises of a closed RTCPeerConnection never settle. It waits for all
// goroutines.
func (p *PeerConnection) Close() {
	p.queue.close()
	<-p.queue.done
}

// serve runs requests one after the other until the queue is closed or a
// request closed the peer connection, then takes everything down.
func (p *PeerConnection) serve() {
	defer close(p.queue.done)
	for {
		task, ok := p.queue.pop()
		if !ok || !task() {
			break
		}
	}
	p.queue.close()
	p.shutdown()
}

// shutdown closes what has goroutines. The model is marked first, so that
// nothing they still report goes out.
func (p *PeerConnection) shutdown() {
	p.lock()
	p.closed = true
	p.signaling.state = "closed"
	transceivers := p.transceivers
	channels := p.data.takeAll()
	p.after = append(p.after, func() { p.report(false) })
	p.unlock()
	for _, t := range transceivers {
		t.close()
	}
	p.transport.Close()
	channels.close()
}

func (p *PeerConnection) lock() { p.mu.Lock() }

// unlock releases the lock and then runs what had to wait for that.
func (p *PeerConnection) unlock() {
	if state := p.connectionState() == "connected"; !p.closed && state != p.connected {
		p.connected = state
		p.after = append(p.after, func() { p.report(state) })
	}
	after := p.after
	p.after = nil
	p.mu.Unlock()
	for _, run := range after {
		run()
	}
}

func (p *PeerConnection) report(connected bool) {
	if p.status != nil {
		p.status(connected)
	}
}
