package impair

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// maxUnderWay bounds the packets of a path; further ones are lost.
const maxUnderWay = 8192

// Path is one direction of a network. It does no input or output and knows no
// clock: times are arguments and must not run backwards. It belongs to one
// goroutine.
type Path struct {
	conditions Conditions
	// since is when the conditions were set.
	since time.Time

	// Each kind of accident draws from a stream of its own, once a packet, so
	// that the losses do not change when jitter is added.
	losses, jitters, disorders *rand.Rand

	inBurst bool
	// free is when the throttle has sent everything, last when the latest
	// packet arrives that was not held back.
	free, last time.Time
	number     uint64
	underWay   arrivals
	counters   Counters
}

// Counters say what became of the packets that were put into a path.
type Counters struct {
	Sent, Lost, Overflowed, Delivered uint64
}

// NewPath makes a path without impairment.
func NewPath(seed uint64) *Path {
	stream := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
	return &Path{losses: stream(1), jitters: stream(2), disorders: stream(3)}
}

// Set changes the conditions for packets that are put from now on. They must
// have passed Check.
func (p *Path) Set(now time.Time, c Conditions) { p.conditions, p.since = c, now }

// Counters returns what became of the packets so far.
func (p *Path) Counters() Counters { return p.counters }

// Put sends a packet, which the path keeps.
func (p *Path) Put(now time.Time, packet []byte) {
	p.counters.Sent++
	lost, held, deviation := p.loses(), p.disorders.Float64() < p.conditions.Reorder, p.jitters.NormFloat64()
	if lost {
		p.counters.Lost++
		return
	}
	leaves, ok := p.throttle(now, len(packet))
	if !ok || len(p.underWay) == maxUnderWay {
		p.counters.Overflowed++
		return
	}
	c := p.conditions
	at := leaves.Add(max(0, c.Delay+p.step(now)+time.Duration(deviation*float64(c.Jitter))))
	if at.Before(p.last) {
		at = p.last
	}
	p.last = at
	if held {
		at = at.Add(c.ReorderBy)
	}
	p.number++
	heap.Push(&p.underWay, arrival{at, p.number, packet})
}

// Take returns the next packet that has arrived by now.
func (p *Path) Take(now time.Time) (packet []byte, ok bool) {
	if at, ok := p.Next(); !ok || at.After(now) {
		return nil, false
	}
	p.counters.Delivered++
	return heap.Pop(&p.underWay).(arrival).packet, true
}

// Next returns when the next packet arrives, if one is under way.
func (p *Path) Next() (at time.Time, ok bool) {
	if len(p.underWay) == 0 {
		return time.Time{}, false
	}
	return p.underWay[0].at, true
}

// loses is Gilbert's model: a burst ends after each of its packets with
// probability 1/Burst and begins so often that the share of Loss is met.
func (p *Path) loses() bool {
	chance, loss, burst := p.losses.Float64(), p.conditions.Loss, p.conditions.Burst
	if burst <= 1 || loss == 0 {
		p.inBurst = false
		return chance < loss
	}
	if p.inBurst {
		p.inBurst = chance >= 1/burst
	} else {
		p.inBurst = chance < loss/(burst*(1-loss))
	}
	return p.inBurst
}

// throttle returns when a packet of that many bytes has left.
func (p *Path) throttle(now time.Time, bytes int) (leaves time.Time, ok bool) {
	c := p.conditions
	if c.Rate == 0 {
		return now, true
	}
	if p.free.Before(now) {
		p.free = now
	}
	if p.free.Sub(now) > c.Queue {
		return now, false
	}
	p.free = p.free.Add(time.Duration(bytes) * 8 * time.Second / time.Duration(c.Rate))
	return p.free, true
}

func (p *Path) step(now time.Time) time.Duration {
	if c := p.conditions; c.StepEvery > 0 && now.Sub(p.since)/c.StepEvery%2 == 1 {
		return c.Step
	}
	return 0
}

type arrival struct {
	at     time.Time
	number uint64
	packet []byte
}

// arrivals is a heap by time, then by order of sending.
type arrivals []arrival

func (a arrivals) Len() int      { return len(a) }
func (a arrivals) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a arrivals) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].number < a[j].number
}
func (a *arrivals) Push(x any) { *a = append(*a, x.(arrival)) }
func (a *arrivals) Pop() any {
	old := *a
	last := old[len(old)-1]
	old[len(old)-1] = arrival{}
	*a = old[:len(old)-1]
	return last
}
