package main

import (
	"time"

	"nearend/internal/impair"
)

// condition is a network over which both engines are called.
type condition struct {
	id, what string
	network  impair.Conditions
	// lossPercent places the condition in the picture of quality against loss;
	// below 0 it does not belong there.
	lossPercent float64
	// goal is what our intelligibility is to reach at least, as a part of
	// native Chromium's.
	goal float64
	// sent judges what the far end heard instead of what the desk heard: how
	// the sender copes decides under a rate limit.
	sent bool
}

func (c condition) title() string {
	if c.sent {
		return "Intelligibility at the far end with " + c.what
	}
	return "Intelligibility with " + c.what
}

// base is the delay of every condition in each direction: a good network to
// another town.
const base = 20 * time.Millisecond

const (
	// Calls with the same engine differ by about 0.01, so a row near its goal
	// wants a second run.
	asGood = 1
	better = 1.001
)

func conditions() []condition {
	lossy := func(percent, goal float64, id, what string) condition {
		return condition{id: id, what: what, network: impair.Conditions{Delay: base, Loss: percent / 100}, lossPercent: percent, goal: goal}
	}
	// The delay is two standard deviations longer, so that few packets would
	// have to arrive before they were sent.
	jittery := func(jitter time.Duration, id, what string) condition {
		return condition{id: id, what: what, network: impair.Conditions{Delay: base + 2*jitter, Jitter: jitter}, lossPercent: -1, goal: asGood}
	}
	return []condition{
		lossy(0, asGood, "quality_loss_0", "no loss"),
		lossy(1, asGood, "quality_loss_1", "1 % loss"),
		lossy(5, asGood, "quality_loss_5", "5 % loss"),
		lossy(10, better, "quality_loss_10", "10 % loss"),
		lossy(20, better, "quality_loss_20", "20 % loss"),
		{
			id: "quality_burst", what: "5 % loss, three in a row", lossPercent: -1, goal: asGood,
			network: impair.Conditions{Delay: base, Loss: 0.05, Burst: 3},
		},
		jittery(10*time.Millisecond, "quality_jitter_10", "10 ms jitter"),
		jittery(30*time.Millisecond, "quality_jitter_30", "30 ms jitter"),
		jittery(60*time.Millisecond, "quality_jitter_60", "60 ms jitter"),
		{
			id: "quality_reorder", what: "5 % of packets 50 ms late", lossPercent: -1, goal: asGood,
			network: impair.Conditions{Delay: base, Reorder: 0.05, ReorderBy: 50 * time.Millisecond},
		},
		{
			id: "quality_step_200", what: "200 ms steps every 4 s", lossPercent: -1, goal: asGood,
			network: impair.Conditions{Delay: base, Step: 200 * time.Millisecond, StepEvery: 4 * time.Second},
		},
		{
			id: "quality_rate_40", what: "40 kbit/s", lossPercent: -1, goal: asGood, sent: true,
			network: impair.Conditions{Delay: base, Rate: 40000, Queue: 300 * time.Millisecond},
		},
	}
}
