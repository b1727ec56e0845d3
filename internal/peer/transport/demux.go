package transport

import (
	"bytes"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// arrived tells what kind of packet came by its first byte (RFC 7983). STUN is
// gone already.
func (t *Transport) arrived(packet []byte) {
	if len(packet) == 0 {
		return
	}
	t.counters.packetsReceived.Add(1)
	t.counters.bytesReceived.Add(uint64(len(packet)))
	switch first := packet[0]; {
	case first >= 20 && first <= 63:
		if a := t.association.Load(); a != nil {
			a.packets.deliver(packet)
			return
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if a := t.association.Load(); a != nil {
			a.packets.deliver(packet)
		} else if len(t.early) < maxEarly {
			t.early = append(t.early, bytes.Clone(packet))
		}
	case first >= 128 && first <= 191:
		if a := t.association.Load(); a != nil {
			a.secured(packet, time.Now())
		}
	}
}

// send writes one datagram on the active path; without one it is lost, as on
// any network.
func (t *Transport) send(packet []byte) {
	conn := t.conn.Load()
	if conn == nil {
		return
	}
	if n, err := conn.Write(packet); err == nil {
		t.counters.packetsSent.Add(1)
		t.counters.bytesSent.Add(uint64(n))
	}
}

// WriteRTP encrypts and sends a packet.
func (t *Transport) WriteRTP(header *rtp.Header, payload []byte) error {
	a := t.association.Load()
	if a == nil {
		return ErrNotReady
	}
	return a.writeRTP(header, payload)
}

// WriteRTCP encrypts and sends a compound packet.
func (t *Transport) WriteRTCP(packets ...rtcp.Packet) error {
	a := t.association.Load()
	if a == nil {
		return ErrNotReady
	}
	return a.writeRTCP(packets)
}
