package jitter

import (
	"time"

	"nearend/internal/pcm"
)

const (
	// below the target by so much the slack may stay, and worth is the least
	// change that is worth a seam.
	below = 4 * time.Millisecond
	worth = 3 * time.Millisecond
	// hurry and rush are excesses from which worse seams are taken, flood one
	// from which packets are left out.
	hurry = 60 * time.Millisecond
	rush  = 120 * time.Millisecond
	flood = 1500 * time.Millisecond
	// alike is how much two periods must resemble each other; the wish for a
	// shift grows and takes any after patience frames without one.
	alike      = 0.88
	patience   = 1000
	alikeHurry = 0.6
	alikeRush  = -1
	// calm is the least number of frames between two unhurried shifts.
	calm = 5
)

// adjust moves the slack of what comes to the target, after a packet has been
// decoded.
//
// Packets are needed when a pull finds less than a frame, so the slack moves by
// whole frames (or by what the device pulls at once), and what is still ahead
// of a packet at its turn is delay that buys no slack. The best delay leaves
// nothing ahead and the least slack that reaches the target.
func (b *Buffer) adjust(now time.Time) {
	least, ok := b.slacks.least()
	if !ok {
		return
	}
	off := least.slack - b.target()
	switch {
	case off > flood:
		b.skip(off)
	case off > hurry:
		b.hasten(off, now)
	case b.sinceShift <= calm:
	case off < -below:
		short := (-below - off + pcm.FrameDuration - 1) / pcm.FrameDuration * pcm.FrameDuration
		n := b.line.expand(b.rate, b.length(short-least.ahead+worth), b.choosy())
		if n == 0 { // too much is better than too little
			n = b.line.expand(b.rate, b.rate, b.choosy())
		}
		b.stats.InsertedSamplesForDeceleration += uint64(n)
		b.shifted(n)
	default:
		surplus := least.ahead
		if step := max(pcm.FrameDuration, b.gap); off > step {
			surplus += pcm.FrameDuration
		}
		if surplus >= worth {
			b.lookAhead(now)
			b.shifted(b.accelerate(surplus, b.choosy()))
		}
	}
}

// choosy is how alike two periods must be now.
func (b *Buffer) choosy() float64 {
	return alike * (1 - float64(min(b.sinceShift, patience))/patience)
}

// hasten leaves out periods as quickly as can be borne.
func (b *Buffer) hasten(off time.Duration, now time.Time) {
	score := alikeHurry
	if off > rush {
		score = alikeRush
	}
	b.lookAhead(now)
	for range 3 {
		n := b.accelerate(off, score)
		if n == 0 {
			return
		}
		b.slacks.shift(-b.duration(n))
		if off -= b.duration(n); off <= worth {
			return
		}
	}
}

// lookAhead decodes the next packet before its turn: longer periods can be
// found in two.
func (b *Buffer) lookAhead(now time.Time) {
	if p := b.store.first(); p != nil && p.at == b.next && p.format == b.current {
		b.decode(p, now)
	}
}

// accelerate leaves out a period of at most d and returns its length.
func (b *Buffer) accelerate(d time.Duration, score float64) int {
	n := b.line.accelerate(b.rate, b.length(d), score)
	b.stats.RemovedSamplesForAcceleration += uint64(n)
	return n
}

// shifted notes an unhurried change of n samples: what it did to the slack will
// be seen.
func (b *Buffer) shifted(n int) {
	if n != 0 {
		b.slacks.reset()
		b.sinceShift = 0
	}
}

func (b *Buffer) length(d time.Duration) int {
	return int(d * time.Duration(b.rate) / time.Second)
}

func (b *Buffer) duration(n int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(b.rate)
}

// skip drops the oldest packets after the network stood still for long.
func (b *Buffer) skip(off time.Duration) {
	until := b.next + int64(off.Seconds()*float64(b.clock))
	dropped := false
	for p := b.store.first(); p != nil && p.at < until; p = b.store.first() {
		b.discard(p.redundant)
		b.lastSeq = p.seq
		b.next = p.at + b.stamps(p.samples)
		b.store.drop()
		dropped = true
	}
	if dropped {
		b.slacks.reset()
	}
}
