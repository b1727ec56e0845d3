package jitter

import (
	"time"

	"github.com/pion/rtp"
)

// Origin says where the audio of a packet came from.
type Origin struct {
	SSRC         uint32
	RTPTimestamp uint32
	PayloadType  uint8
	// Level is the audio level in -dBov (RFC 6464), negative when unknown.
	Level int
	// csrc holds contributing sources (RFC 3550, section 5.1).
	csrc  [15]uint32
	csrcs int
}

// CSRC lists the contributing sources. The slice is valid until the next pull.
func (o *Origin) CSRC() []uint32 { return o.csrc[:o.csrcs] }

// packet is one payload that waits.
type packet struct {
	origin  Origin
	format  *format
	seq     uint16
	at      int64 // extended RTP timestamp
	samples int   // length in samples of the decoder
	arrival time.Time
	// redundant marks a copy that came with a later packet (RFC 2198).
	redundant bool
	// fec says that the payload carries its predecessor.
	fec     bool
	payload []byte
}

// capacity bounds the packets that wait: four seconds of 10 ms packets, and
// some more.
const capacity = 512

// store holds the waiting packets by timestamp, earliest first. When it is full
// it takes no more. It reuses its packets.
type store struct {
	order []*packet
	free  []*packet
}

func newStore() store {
	return store{order: make([]*packet, 0, capacity), free: make([]*packet, 0, capacity)}
}

func (s *store) first() *packet {
	if len(s.order) == 0 {
		return nil
	}
	return s.order[0]
}

// take returns an unused packet, nil when the store is full.
func (s *store) take() *packet {
	if n := len(s.free); n > 0 {
		p := s.free[n-1]
		s.free = s.free[:n-1]
		return p
	}
	if len(s.order) >= capacity {
		return nil
	}
	return &packet{}
}

// giveBack returns a packet that take gave.
func (s *store) giveBack(p *packet) {
	if len(s.free) < cap(s.free) {
		s.free = append(s.free, p)
	}
}

// put inserts p, and returns what is not needed any more: nil, the redundant
// copy that p replaces, or p itself when its place is taken.
func (s *store) put(p *packet) (spare *packet) {
	i := len(s.order)
	for i > 0 && s.order[i-1].at > p.at {
		i--
	}
	if i > 0 && s.order[i-1].at == p.at {
		old := s.order[i-1]
		if !old.redundant || p.redundant {
			return p
		}
		s.order[i-1] = p
		return old
	}
	s.order = append(s.order, nil)
	copy(s.order[i+1:], s.order[i:])
	s.order[i] = p
	return nil
}

// drop forgets the first packet.
func (s *store) drop() {
	p := s.order[0]
	copy(s.order, s.order[1:])
	s.order = s.order[:len(s.order)-1]
	s.giveBack(p)
}

func (s *store) clear() {
	for len(s.order) > 0 {
		s.drop()
	}
}

// level reads the audio level extension (RFC 6464, section 3).
func level(p *rtp.Packet, id uint8) int {
	if id == 0 {
		return -1
	}
	value := p.GetExtension(id)
	if len(value) == 0 {
		return -1
	}
	return int(value[0] & 0x7f)
}
