package impair

import (
	"errors"
	"time"
)

// Conditions say what a path does to packets. The zero value lets everything
// through at once.
type Conditions struct {
	// Delay is added to every packet.
	Delay time.Duration
	// Jitter is the standard deviation of a normal distribution around Delay,
	// drawn for each packet. A packet never overtakes an earlier one by it and
	// never arrives before it was sent.
	Jitter time.Duration
	// Loss is the part of packets that is lost, from 0 to 1.
	Loss float64
	// Burst is how many packets are lost in a row on average, by the two-state
	// model of Gilbert (1960). Up to 1, each packet is lost by itself.
	Burst float64
	// Reorder is the part of packets, from 0 to 1, that arrives ReorderBy later
	// and so behind packets that were sent after it.
	Reorder   float64
	ReorderBy time.Duration
	// Step is added to Delay in every second period of StepEvery, counted from
	// when the conditions were set.
	Step, StepEvery time.Duration
	// Rate is the throughput in bits a second, 0 without limit. A packet that
	// would wait longer than Queue for its turn is lost.
	Rate  int
	Queue time.Duration
}

// ErrConditions says that conditions contradict themselves.
var ErrConditions = errors.New("impair: impossible conditions")

// Check returns ErrConditions for values that no network can have.
func (c Conditions) Check() error {
	share := func(v float64) bool { return v >= 0 && v <= 1 }
	switch {
	case !share(c.Loss) || !share(c.Reorder) || c.Burst < 0,
		// Bursts of the mean length could not be apart from each other.
		c.Burst > 1 && c.Loss >= c.Burst/(c.Burst+1),
		min(c.Delay, c.Jitter, c.ReorderBy, c.Step, c.StepEvery, c.Queue) < 0,
		c.Step > 0 && c.StepEvery == 0,
		c.Rate < 0:
		return ErrConditions
	}
	return nil
}
