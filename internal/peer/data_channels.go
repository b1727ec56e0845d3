package peer

import (
	"sync"

	"github.com/pion/logging"
	"github.com/pion/sctp"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// dataChannels is the SCTP association of a peer connection and what runs on
// it. It is guarded by PeerConnection.mu.
type dataChannels struct {
	// channels are all that were made and are not closed, in order.
	channels []*dataChannel
	// created says that there ever was one, which keeps the section.
	created     bool
	proposedMID string
	// state is the RTCSctpTransportState, empty while nothing is negotiated.
	state string
	// remoteMax is the far end's max-message-size, zero for unlimited.
	remoteMax int
	// running is the DTLS association that SCTP runs on.
	running     *transport.Association
	association *sctp.Association
	// opened and closed are counters of RTCPeerConnectionStats.
	opened, closed uint64
	// tasks counts the goroutines of SCTP and its channels.
	tasks *sync.WaitGroup
}

const (
	sctpPort = 5000
	// defaultMaxMessage applies when the far end names none (RFC 8841, section 6.1).
	defaultMaxMessage = 65536
	sctpMTU           = 1191
)

func (d *dataChannels) init() { d.tasks = &sync.WaitGroup{} }

// wanted says whether an offer needs a data section.
func (d *dataChannels) wanted() bool { return d.created }

func (p *PeerConnection) proposeDataMID() string {
	if p.data.proposedMID == "" {
		p.data.proposedMID = p.mintMID()
	}
	return p.data.proposedMID
}

// negotiated follows the data section of an exchange.
func (d *dataChannels) negotiated(p *PeerConnection, final bool) {
	i := p.signaling.applicationLine()
	if i < 0 {
		return
	}
	if p.signaling.lines[i].rejected {
		if final {
			for _, c := range d.channels {
				c.finish("closed", nil)
			}
			d.channels, d.state = nil, ""
		}
		return
	}
	remote := p.signaling.remote().session.Sections[i]
	d.remoteMax = defaultMaxMessage
	if remote.HasMaxMessageSize {
		d.remoteMax = remote.MaxMessageSize
	}
	if d.state == "" {
		d.state = "connecting"
	}
	d.start(p)
}

// maxMessage is the largest message that may be sent.
func (d *dataChannels) maxMessage() int {
	if d.remoteMax == 0 {
		return protocol.MaxDataChannelMessage
	}
	return min(d.remoteMax, protocol.MaxDataChannelMessage)
}

// section is the snapshot's.
func (d *dataChannels) section(*PeerConnection) *protocol.SCTP {
	if d.state == "" {
		return nil
	}
	view := &protocol.SCTP{State: d.state, MaxMessageSize: d.maxMessage()}
	if d.state == "connected" {
		view.MaxChannels = 65535
	}
	return view
}

// secured is the transport's callback for a finished DTLS handshake.
func (p *PeerConnection) secured(a *transport.Association) {
	p.lock()
	defer p.unlock()
	if p.closed {
		return
	}
	p.data.tasks.Go(func() { p.beat(a.Done()) })
	p.data.start(p)
}

// start runs SCTP once there is a data section and a DTLS association.
func (d *dataChannels) start(p *PeerConnection) {
	a := p.transport.Association()
	if p.closed || d.state == "" || a == nil || a == d.running || a.State() != "connected" {
		return
	}
	d.running = a
	d.tasks.Go(func() { p.runSCTP(a, uint32(d.maxMessage())) })
}

// runSCTP sets the association up, opens what waits and accepts channels until
// the end.
func (p *PeerConnection) runSCTP(a *transport.Association, maxMessage uint32) {
	association, err := sctp.ClientWithOptions(
		sctp.WithNetConn(a.Data()),
		sctp.WithLoggerFactory(logging.NewDefaultLoggerFactory()),
		sctp.WithMTU(sctpMTU),
		sctp.WithMaxMessageSize(maxMessage),
		sctp.WithBlockWrite(true),
	)
	if err == nil {
		defer association.Close()
		p.lock()
		p.data.association, p.data.state = association, "connected"
		for _, c := range p.data.channels {
			c.open(association)
		}
		p.notifyChanged()
		p.unlock()
		err = p.acceptChannels(association)
	}
	p.log.Debug().Err(err).Msg("SCTP ended")
	p.lock()
	defer p.unlock()
	if p.data.running != a {
		return
	}
	p.data.association = nil
	p.data.state = "closed"
	for _, c := range p.data.channels {
		c.finish("closed", nil)
	}
	p.data.channels = nil
	p.notifyChanged()
}

// acceptChannels serves streams that the far end begins.
func (p *PeerConnection) acceptChannels(association *sctp.Association) error {
	for {
		stream, err := association.AcceptStream()
		if err != nil {
			return err
		}
		if !p.adoptStream(stream) {
			p.data.tasks.Go(func() { p.acceptChannel(stream) })
		}
	}
}

// adoptStream gives a stream to the channel that both sides negotiated out of
// band, if the far end was the first to use it.
func (p *PeerConnection) adoptStream(stream *sctp.Stream) bool {
	p.lock()
	defer p.unlock()
	for _, c := range p.data.channels {
		if c.options.Negotiated && c.options.ID != nil && *c.options.ID == int(stream.StreamIdentifier()) {
			if !c.attached {
				c.attach(stream)
			}
			return true
		}
	}
	return false
}

// close waits for everything; the transport is closed already.
func (d *dataChannels) close() { d.tasks.Wait() }

// takeAll ends all channels for the model and returns what has goroutines.
func (d *dataChannels) takeAll() *dataChannels {
	for _, c := range d.channels {
		c.outgoing.close()
	}
	return d
}

// freeID finds an SCTP stream for a channel of ours: even for the DTLS client,
// odd for the server (RFC 8832, section 6).
func (d *dataChannels) freeID(client bool) (int, bool) {
	first := 1
	if client {
		first = 0
	}
	for id := first; id < 65535; id += 2 {
		used := false
		for _, c := range d.channels {
			used = used || c.options.ID != nil && *c.options.ID == id
		}
		if !used {
			return id, true
		}
	}
	return 0, false
}
