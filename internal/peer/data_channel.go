package peer

import (
	"errors"
	"io"
	"slices"

	"github.com/pion/datachannel"
	"github.com/pion/logging"
	"github.com/pion/sctp"

	"nearend/internal/protocol"
)

// dataChannel is one RTCDataChannel. It is guarded by PeerConnection.mu, except
// its queue.
type dataChannel struct {
	p       *PeerConnection
	id      string
	options protocol.DataChannelOptions
	// state is the readyState.
	state string
	// attached says that the channel has a stream.
	attached bool
	outgoing outgoing
	// messages and bytes count what arrived.
	messages, bytes uint64
}

// createDataChannel implements RTCPeerConnection.createDataChannel.
func (p *PeerConnection) createDataChannel(params *protocol.DataChannelCreateParams) *protocol.Error {
	if err := checkID(params.Channel); err != nil {
		return err
	}
	if err := checkOptions(params.Options); err != nil {
		return err
	}
	d := &p.data
	if len(d.channels) >= protocol.MaxDataChannels {
		return fail(protocol.OperationError, "too many data channels")
	}
	for _, c := range d.channels {
		if c.id == params.Channel {
			return fail(protocol.InvalidAccessError, "the data channel exists")
		}
		if id := params.Options.ID; id != nil && params.Options.Negotiated && c.options.ID != nil && *c.options.ID == *id {
			return fail(protocol.OperationError, "the data channel's id is in use")
		}
	}
	c := newDataChannel(p, params.Channel, params.Options)
	if !c.options.Negotiated {
		c.options.ID = nil
	}
	d.channels = append(d.channels, c)
	d.created = true
	if d.association != nil {
		c.open(d.association)
	}
	p.updateNegotiationNeeded()
	return nil
}

func newDataChannel(p *PeerConnection, id string, options protocol.DataChannelOptions) *dataChannel {
	c := &dataChannel{p: p, id: id, options: options, state: "connecting"}
	c.outgoing.init()
	return c
}

// open begins the channel on the association.
func (c *dataChannel) open(association *sctp.Association) {
	if c.state != "connecting" || c.attached {
		return
	}
	if c.options.ID == nil {
		client, _ := c.p.transport.Client()
		id, ok := c.p.data.freeID(client)
		if !ok {
			c.finish("closed", fail(protocol.OperationError, "no data channel id is free"))
			return
		}
		c.options.ID = &id
	}
	stream, err := association.OpenStream(uint16(*c.options.ID), sctp.PayloadTypeWebRTCBinary)
	if err != nil {
		// A negotiated channel that the far end has used already: the stream
		// is about to be accepted.
		c.p.log.Debug().Err(err).Msg("data channel waits for its stream")
		return
	}
	c.attach(stream)
}

// attach makes a stream ours. Announcing it to the far end may have to wait for
// room in the association, so that happens on the channel's own goroutine.
func (c *dataChannel) attach(stream *sctp.Stream) {
	kind, value := reliability(c.options)
	if c.options.Negotiated {
		stream.SetReliabilityParams(kind&0x80 != 0, byte(kind&0x7f), value)
	}
	config := &datachannel.Config{
		ChannelType: kind, ReliabilityParameter: value, Negotiated: c.options.Negotiated,
		Label: c.options.Label, Protocol: c.options.Protocol, LoggerFactory: logging.NewDefaultLoggerFactory(),
	}
	c.begin(func() (*datachannel.DataChannel, error) { return datachannel.Client(stream, config) })
	c.announce(nil)
}

// begin opens the channel and starts its goroutines.
func (c *dataChannel) begin(dial func() (*datachannel.DataChannel, error)) {
	c.attached, c.state = true, "open"
	c.p.data.opened++
	tasks := c.p.data.tasks
	tasks.Go(func() {
		channel, err := dial()
		if err != nil {
			c.ended(err)
			return
		}
		tasks.Go(func() { c.read(channel) })
		c.outgoing.run(c, channel)
	})
}

// announce tells the page the state.
func (c *dataChannel) announce(err *protocol.Error) {
	if !c.p.closed {
		c.p.out.Notify(protocol.DataChannelChanged, protocol.DataChannelChangedEvent{
			PC: c.p.id, Channel: c.id, State: c.state, ID: c.options.ID, Error: err,
		})
	}
}

// finish ends the channel; the caller takes it from the list.
func (c *dataChannel) finish(state string, err *protocol.Error) {
	if c.state == "closed" {
		return
	}
	if c.attached {
		c.p.data.closed++
	}
	c.state = state
	c.outgoing.close()
	c.announce(err)
}

// acceptChannel serves a stream that the far end opened (RFC 8832).
func (p *PeerConnection) acceptChannel(stream *sctp.Stream) {
	config := &datachannel.Config{LoggerFactory: logging.NewDefaultLoggerFactory()}
	channel, err := datachannel.Server(stream, config)
	if err != nil {
		p.log.Debug().Err(err).Msg("stream is no data channel")
		_ = stream.Close()
		return
	}
	id, value := int(stream.StreamIdentifier()), int(config.ReliabilityParameter)
	options := protocol.DataChannelOptions{
		Label: config.Label, Protocol: config.Protocol, Ordered: config.ChannelType&0x80 == 0, ID: &id,
	}
	switch config.ChannelType &^ 0x80 {
	case datachannel.ChannelTypePartialReliableRexmit:
		options.MaxRetransmits = &value
	case datachannel.ChannelTypePartialReliableTimed:
		options.MaxPacketLifeTime = &value
	}
	p.lock()
	defer p.unlock()
	if p.closed || len(p.data.channels) >= protocol.MaxDataChannels {
		_ = channel.Close()
		return
	}
	c := newDataChannel(p, p.mintID(), options)
	p.data.channels = append(p.data.channels, c)
	p.data.created = true
	c.state = "open"
	p.out.Notify(protocol.PCDataChannel, protocol.PCDataChannelEvent{
		PC: p.id, Snapshot: p.snapshot(), Channel: c.id, Options: options, State: "open",
	})
	c.begin(func() (*datachannel.DataChannel, error) { return channel, nil })
}

// read passes messages on until the far end resets the stream.
func (c *dataChannel) read(channel *datachannel.DataChannel) {
	buffer := make([]byte, protocol.MaxDataChannelMessage)
	for {
		n, text, err := channel.ReadDataChannel(buffer)
		if err != nil {
			c.ended(err)
			return
		}
		event := protocol.DataChannelMessageEvent{PC: c.p.id, Channel: c.id, IsBinary: !text}
		if text {
			event.Text = string(buffer[:n])
		} else {
			event.Binary = slices.Clone(buffer[:n])
		}
		if pacer, ok := c.p.out.(Pacer); ok {
			pacer.Pace()
		}
		c.p.lock()
		c.messages++
		c.bytes += uint64(n)
		if !c.p.closed {
			c.p.out.Notify(protocol.DataChannelMessage, event)
		}
		c.p.unlock()
	}
}

// ended closes the channel after its stream has ended.
func (c *dataChannel) ended(err error) {
	c.p.lock()
	defer c.p.unlock()
	if !slices.Contains(c.p.data.channels, c) {
		return
	}
	var failure *protocol.Error
	if !errors.Is(err, io.EOF) {
		failure = fail(protocol.RTCError, "the data channel failed")
		failure.Detail = "data-channel-failure"
	} else if c.state == "open" {
		c.state = "closing"
		c.announce(nil)
	}
	c.p.data.channels = slices.DeleteFunc(c.p.data.channels, func(x *dataChannel) bool { return x == c })
	c.finish("closed", failure)
}

func (p *PeerConnection) findChannel(id string) (*dataChannel, *protocol.Error) {
	for _, c := range p.data.channels {
		if c.id == id {
			return c, nil
		}
	}
	return nil, fail(protocol.InvalidStateError, "the data channel is closed or unknown")
}

// sendData implements RTCDataChannel.send.
func (p *PeerConnection) sendData(params *protocol.DataChannelSendParams) *protocol.Error {
	c, err := p.findChannel(params.Channel)
	if err != nil {
		return err
	}
	if c.state != "open" {
		return fail(protocol.InvalidStateError, "the data channel is not open")
	}
	message := outgoingMessage{data: params.Binary, text: !params.IsBinary}
	if message.text {
		message.data = []byte(params.Text)
	}
	if len(message.data) > p.data.maxMessage() {
		return fail(protocol.TypeError, "the message is larger than maxMessageSize")
	}
	if !c.outgoing.push(message) {
		return fail(protocol.OperationError, "the data channel's send queue is full")
	}
	return nil
}

// closeDataChannel implements RTCDataChannel.close: what is queued still goes.
func (p *PeerConnection) closeDataChannel(params *protocol.DataChannelParams) *protocol.Error {
	c, err := p.findChannel(params.Channel)
	if err != nil || c.state == "closing" {
		return nil // close() on a closed channel does nothing.
	}
	if !c.attached {
		p.data.channels = slices.DeleteFunc(p.data.channels, func(x *dataChannel) bool { return x == c })
		c.finish("closed", nil)
		return nil
	}
	c.state = "closing"
	c.announce(nil)
	c.outgoing.finish()
	return nil
}
