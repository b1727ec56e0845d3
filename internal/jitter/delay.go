package jitter

import "time"

const (
	// bucket is the resolution of the histogram of transits, buckets its
	// length: 1.5 s.
	bucket  = 3 * time.Millisecond
	buckets = 512
	// quantile of the packets should be in time.
	quantile = 0.97
	// forget is what is left of a packet's weight when the next one comes: at
	// 50 packets a second half of it is forgotten within 2.8 s.
	forget = 0.995
	// margin is added to the quantile for what the histogram cannot show.
	margin = 4 * time.Millisecond
	// cautious is the least target at the start of a stream; it shrinks to
	// nothing over learning packets.
	cautious = 24 * time.Millisecond
	learning = 100
	// windows of windowLength each are searched for the smallest transit.
	windows      = 5
	windowLength = 500 * time.Millisecond
)

// delays estimates from the transits of packets how long they must wait.
//
// The histogram is over absolute transits. When the network's delay steps up,
// old entries fall below the base as soon as that follows, and do not raise the
// target.
type delays struct {
	weights [buckets]float64
	origin  int64 // bucket number of weights[0]
	weight  float64
	total   float64
	count   int

	lastNow, lastTransit time.Duration

	minima  [windows]time.Duration
	current int
	since   time.Duration // when the current window began
}

// add takes a packet's transit. now rises with time. A packet that came right
// behind a delayed one does not count: when the network stands still, all that
// gathers behind the obstacle tells of one event, not of many.
func (d *delays) add(transit, now time.Duration) {
	behind := d.count > 0 && now-d.lastNow < bucket && transit < d.lastTransit-bucket
	d.lastNow, d.lastTransit = now, transit
	d.observe(transit, now)
	if behind {
		return
	}
	number := int64(floorDiv(transit, bucket))
	if d.count == 0 {
		d.origin = number - buckets/4
		d.weight = 1
	}
	d.count++
	d.cover(number)
	d.weight /= forget
	if d.weight > 1e12 {
		d.scale(1 / d.weight)
	}
	d.weights[min(buckets-1, number-d.origin)] += d.weight
	d.total += d.weight
}

func (d *delays) scale(by float64) {
	for i := range d.weights {
		d.weights[i] *= by
	}
	d.total *= by
	d.weight *= by
}

// cover moves the histogram so that number and the base lie in it, the base
// first; what is beyond the end counts in the last bucket.
func (d *delays) cover(number int64) {
	base := int64(floorDiv(d.base(), bucket))
	if number >= d.origin && number < d.origin+buckets && base >= d.origin {
		return
	}
	if number >= d.origin && base <= d.origin+buckets/4 && base >= d.origin {
		return // too far above: the last bucket takes it
	}
	d.move(min(base, number) - buckets/8)
}

func (d *delays) move(origin int64) {
	shift := origin - d.origin
	var moved [buckets]float64
	total := 0.0
	for i, w := range d.weights {
		if k := int64(i) - shift; k >= 0 && k < buckets {
			moved[k] = w
			total += w
		}
	}
	d.weights, d.origin, d.total = moved, origin, total
}

// observe keeps the smallest transit of each window.
func (d *delays) observe(transit, now time.Duration) {
	switch {
	case d.count == 0:
		for i := range d.minima {
			d.minima[i] = transit
		}
		d.since = now
	case now-d.since > windows*windowLength:
		// Nothing came for long: old transits say little.
		for i := range d.minima {
			d.minima[i] = min(transit, d.base()+20*time.Millisecond)
		}
		d.since = now
	default:
		for now-d.since > windowLength {
			d.since += windowLength
			d.current = (d.current + 1) % windows
			d.minima[d.current] = transit
		}
		d.minima[d.current] = min(d.minima[d.current], transit)
	}
}

// base is the smallest transit of the last 2.5 s.
func (d *delays) base() time.Duration {
	least := d.minima[0]
	for _, m := range d.minima[1:] {
		least = min(least, m)
	}
	return least
}

// target is the slack that quantile of the packets need.
func (d *delays) target() time.Duration {
	if d.count == 0 {
		return cautious
	}
	allowed := (1 - quantile) * d.total
	i := buckets - 1
	for ; i > 0; i-- {
		if allowed -= d.weights[i]; allowed < 0 {
			break
		}
	}
	late := time.Duration(d.origin+int64(i)+1)*bucket - d.base()
	least := time.Duration(max(0, learning-d.count)) * cautious / learning
	return max(late, least, 0) + margin
}

func floorDiv(a, b time.Duration) time.Duration {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
