package jitter

import "time"

// slackCount is how many packets the smallest slack is taken over: pulls come
// in bursts where the device asks so, and what matters is the earliest.
const slackCount = 8

// slacks remembers the slack of the last packets, and how much audio was still
// ahead of each when its turn came.
type slacks struct {
	recent [slackCount]turn
	count  int
}

// turn is the moment when a packet had to be there.
type turn struct {
	slack, ahead time.Duration
}

func (s *slacks) add(slack, ahead time.Duration) {
	s.recent[s.count%slackCount] = turn{slack, ahead}
	s.count++
}

// shift accounts for a change of the delay.
func (s *slacks) shift(d time.Duration) {
	for i := range s.recent {
		s.recent[i].slack += d
	}
}

// reset forgets all, after a jump of the timeline.
func (s *slacks) reset() { s.count = 0 }

// least is the smallest of both, and false while there are too few to tell.
func (s *slacks) least() (turn, bool) {
	if s.count < slackCount/2 {
		return turn{}, false
	}
	least := s.recent[0]
	for _, t := range s.recent[:min(s.count, slackCount)] {
		least.slack = min(least.slack, t.slack)
		least.ahead = min(least.ahead, t.ahead)
	}
	return least, true
}
