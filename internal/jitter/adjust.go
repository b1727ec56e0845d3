package jitter

import "time"

const (
	// above and below the target nothing is done.
	above = 7 * time.Millisecond
	below = 4 * time.Millisecond
	// hurry is an excess from which seams may be heard, panic one from which
	// packets are left out.
	hurry = 60 * time.Millisecond
	rush  = 120 * time.Millisecond
	flood = 1500 * time.Millisecond
	// alike is how much two periods must resemble each other.
	alike      = 0.88
	alikeHurry = 0.6
	alikeRush  = -1
	// calm is the least number of frames between two unhurried shifts.
	calm = 5
)

// adjust moves the slack of what comes to the target, after a packet has been
// decoded.
func (b *Buffer) adjust(now time.Time) {
	least, ok := b.slacks.least()
	if !ok {
		return
	}
	off := least - b.target()
	switch {
	case off > flood:
		b.skip(off)
	case off > above:
		b.accelerate(off, now)
	case off < -below && b.sinceShift > calm:
		n := b.line.expand(b.rate, b.length(-off+below), alike)
		b.stats.InsertedSamplesForDeceleration += uint64(n)
		b.shifted(n)
	}
}

// accelerate leaves out a pitch period, or several when it must be quick.
func (b *Buffer) accelerate(off time.Duration, now time.Time) {
	score := alike
	switch {
	case off > rush:
		score = alikeRush
	case off > hurry:
		score = alikeHurry
	default:
		if b.sinceShift <= calm {
			return
		}
	}
	// Longer periods can be found with the next packet behind this one.
	if p := b.store.first(); p != nil && p.at == b.next && p.format == b.current {
		b.decode(p, now)
	}
	rounds := 1
	if off > hurry {
		rounds = 3
	}
	for range rounds {
		n := b.line.accelerate(b.rate, b.length(off+below), score)
		if n == 0 {
			return
		}
		b.stats.RemovedSamplesForAcceleration += uint64(n)
		b.shifted(-n)
		off -= time.Duration(n) * time.Second / time.Duration(b.rate)
		if off <= above {
			return
		}
	}
}

// shifted accounts for n samples inserted, negative for removed.
func (b *Buffer) shifted(n int) {
	if n != 0 {
		b.slacks.shift(time.Duration(n) * time.Second / time.Duration(b.rate))
		b.sinceShift = 0
	}
}

func (b *Buffer) length(d time.Duration) int {
	return int(d * time.Duration(b.rate) / time.Second)
}

// skip drops the oldest packets after the network stood still for long.
func (b *Buffer) skip(off time.Duration) {
	until := b.next + int64(off.Seconds()*float64(b.clock))
	dropped := false
	for p := b.store.first(); p != nil && p.at < until; p = b.store.first() {
		b.discard(p.redundant)
		b.lastSeq = p.seq
		b.store.drop()
		b.next = p.at + b.stamps(p.samples)
		dropped = true
	}
	if dropped {
		b.slacks.reset()
	}
}
