package jitter

import (
	"time"

	"github.com/pion/rtp"

	"nearend/internal/codec"
)

const (
	// From waitFrom on the average loss makes the buffer wait for copies of
	// lost packets, until it is below waitUntil.
	waitFrom, waitUntil = 0.015, 0.003
	// lossForget weighs a packet in the average of loss.
	lossForget = 0.005
	// leap is a change of transit that means a new timeline at the sender,
	// not a slow network.
	leap = 3 * time.Second
)

// Insert takes one packet and its arrival. It keeps nothing of p.
func (b *Buffer) Insert(p *rtp.Packet, arrival time.Time) {
	f := b.formats[p.PayloadType&0x7f]
	if f == nil {
		return
	}
	b.stats.PacketsReceived++
	b.stats.BytesReceived += uint64(len(p.Payload))
	b.stats.HeaderBytesReceived += uint64(p.Header.MarshalSize()) + uint64(p.PaddingSize)
	b.stats.LastPacketReceived = arrival
	if b.started && p.SSRC != b.stats.SSRC {
		b.lostGone += b.sequence.lost()
		b.sequence = sequence{}
		b.restart()
	}
	b.stats.SSRC = p.SSRC
	skipped := b.sequence.update(p.SequenceNumber)
	if skipped >= 0 {
		b.loss -= b.loss * lossForget
		for range min(skipped, 100) {
			b.loss += (1 - b.loss) * lossForget
		}
		b.waits = b.loss > waitFrom || b.waits && b.loss > waitUntil
	}
	if f.role == events || len(p.Payload) == 0 {
		b.passOver(p)
		return
	}
	at, ok := b.place(p, f, arrival)
	if !ok {
		return
	}
	if f.role != redundancy {
		b.keep(p, f, p.Payload, at, arrival, false)
		return
	}
	blocks := split(p.Payload, &b.blocks)
	for i, block := range blocks {
		inner := b.formats[block.payloadType]
		if inner == nil || inner.role == redundancy || inner.ClockRate != f.ClockRate || len(block.payload) == 0 {
			continue
		}
		copied := i < len(blocks)-1
		if copied {
			b.stats.FECPacketsReceived++
		}
		b.keep(p, inner, block.payload, at-int64(block.offset), arrival, copied)
	}
}

// passOver counts the sequence number of a packet without audio, so that its
// absence from the store is no loss.
func (b *Buffer) passOver(p *rtp.Packet) {
	if b.playing && p.SequenceNumber == b.lastSeq+1 {
		b.lastSeq = p.SequenceNumber
	}
}

// place extends a packet's timestamp and takes its transit. It reports whether
// the packet is of use.
func (b *Buffer) place(p *rtp.Packet, f *format, arrival time.Time) (int64, bool) {
	if f.ClockRate == 0 {
		return 0, false
	}
	if b.started && b.clock != int64(f.ClockRate) {
		b.restart()
	}
	if !b.started {
		b.begin(p, f, arrival)
	}
	at := b.newest + int64(int32(p.Timestamp-b.newestRTP))
	transit := arrival.Sub(b.epoch) - b.since(at)
	if away := transit - b.delays.base(); b.delays.count > 0 && (away > leap || away < -leap) {
		b.restart()
		b.begin(p, f, arrival)
		at, transit = 0, 0
	}
	if at > b.newest {
		b.newest, b.newestRTP = at, p.Timestamp
	}
	b.delays.add(transit, arrival.Sub(b.epoch))
	b.sequence.spread(transit.Seconds() * float64(b.clock))
	return at, true
}

// begin starts a timeline at a packet.
func (b *Buffer) begin(p *rtp.Packet, f *format, arrival time.Time) {
	b.started = true
	b.epoch = arrival
	b.clock = int64(f.ClockRate)
	b.newest, b.newestRTP = 0, p.Timestamp
}

// restart forgets the timeline and what waits on it. Audio already decoded is
// still played.
func (b *Buffer) restart() {
	b.store.clear()
	b.delays = delays{}
	b.slacks.reset()
	b.sequence.transits = false
	b.started, b.playing, b.silence = false, false, false
}

// keep stores one payload unless its time is over.
func (b *Buffer) keep(from *rtp.Packet, f *format, payload []byte, at int64, arrival time.Time, redundant bool) {
	samples := 0
	if f.role == speech {
		if !f.ready() {
			return
		}
		n, err := f.decoder.Samples(payload)
		if err != nil {
			b.stats.PacketsDiscarded++
			return
		}
		samples = n
	}
	p := b.store.take()
	if p == nil || b.playing && at < b.next {
		b.discard(redundant)
		if p != nil {
			b.store.giveBack(p)
		}
		return
	}
	p.origin = Origin{
		SSRC: from.SSRC, RTPTimestamp: from.Timestamp, PayloadType: f.PayloadType,
		Level: level(from, b.extension),
	}
	p.origin.csrcs = copy(p.origin.csrc[:], from.CSRC)
	p.format, p.seq, p.at, p.samples = f, from.SequenceNumber, at, samples
	p.arrival, p.redundant, p.fec = arrival, redundant, false
	p.payload = append(p.payload[:0], payload...)
	if r, ok := f.decoder.(codec.Recoverer); ok && !redundant && r.HasPrevious(payload) {
		p.fec = true
		b.stats.FECPacketsReceived++
	}
	if spare := b.store.put(p); spare != nil {
		if spare.redundant {
			b.stats.FECPacketsDiscarded++
		}
		b.store.giveBack(spare)
	}
}

func (b *Buffer) discard(redundant bool) {
	if redundant {
		b.stats.FECPacketsDiscarded++
	} else {
		b.stats.PacketsDiscarded++
	}
}
