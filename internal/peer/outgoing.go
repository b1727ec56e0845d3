package peer

import (
	"sync"

	"github.com/pion/datachannel"

	"nearend/internal/protocol"
)

// outgoing is what a data channel still has to send. Beyond maxOutgoing bytes a
// message is refused, as browsers do.
type outgoing struct {
	mu       sync.Mutex
	wake     *sync.Cond
	messages []outgoingMessage
	bytes    int
	// draining ends run when the queue is empty, closed at once.
	draining, closed bool
	// written counts bytes given to SCTP, messages and told what was reported.
	written, told, count uint64
}

type outgoingMessage struct {
	data []byte
	text bool
}

const (
	maxOutgoing = 16 << 20
	// reportEvery is how many bytes may leave before the page is told.
	reportEvery = 64 << 10
)

func (o *outgoing) init() { o.wake = sync.NewCond(&o.mu) }

func (o *outgoing) push(m outgoingMessage) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.draining || o.closed || o.bytes+len(m.data) > maxOutgoing {
		return false
	}
	o.messages = append(o.messages, m)
	o.bytes += len(m.data)
	o.wake.Signal()
	return true
}

func (o *outgoing) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.draining = true
	o.wake.Signal()
}

func (o *outgoing) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.wake.Signal()
}

// next waits for a message; ok is false at the end.
func (o *outgoing) next() (m outgoingMessage, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.messages) == 0 && !o.draining && !o.closed {
		o.wake.Wait()
	}
	if o.closed || len(o.messages) == 0 {
		return m, false
	}
	m = o.messages[0]
	o.messages = o.messages[1:]
	o.bytes -= len(m.data)
	return m, true
}

// run writes until the end, then resets the stream, which ends the channel once
// the far end has done the same.
func (o *outgoing) run(c *dataChannel, channel *datachannel.DataChannel) {
	// The callback comes under SCTP's lock, which is inside ours.
	channel.OnBufferedAmountLow(func() {
		c.p.later(func() { o.report(c, channel.BufferedAmount()) })
	})
	for {
		m, ok := o.next()
		if !ok {
			break
		}
		if _, err := channel.WriteDataChannel(m.data, m.text); err != nil {
			break
		}
		o.mu.Lock()
		o.written += uint64(len(m.data))
		o.count++
		o.mu.Unlock()
		buffered := channel.BufferedAmount()
		c.p.lock()
		o.report(c, buffered)
		c.p.unlock()
	}
	_ = channel.Close()
}

// report tells the page how much has left, in steps of reportEvery and when
// everything has.
func (o *outgoing) report(c *dataChannel, buffered uint64) {
	o.mu.Lock()
	sent := o.written - min(buffered, o.written)
	tell := sent > o.told && (sent == o.written || sent-o.told >= reportEvery)
	if tell {
		o.told = sent
	}
	o.mu.Unlock()
	if tell && !c.p.closed {
		c.p.out.Notify(protocol.DataChannelBufferedAmount, protocol.DataChannelBufferedAmountEvent{
			PC: c.p.id, Channel: c.id, Sent: sent,
		})
	}
}
