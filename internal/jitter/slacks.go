package jitter

import "time"

// slackCount is how many packets the smallest slack is taken over: pulls come
// in bursts where the device asks so, and what matters is the earliest.
const slackCount = 8

// slacks remembers the slack of the last packets.
type slacks struct {
	recent [slackCount]time.Duration
	count  int
}

func (s *slacks) add(d time.Duration) {
	s.recent[s.count%slackCount] = d
	s.count++
}

// shift accounts for a change of the delay.
func (s *slacks) shift(d time.Duration) {
	for i := range s.recent {
		s.recent[i] += d
	}
}

// reset forgets all, after a jump of the timeline.
func (s *slacks) reset() { s.count = 0 }

// least is the smallest, and false while there are too few to tell.
func (s *slacks) least() (time.Duration, bool) {
	if s.count < slackCount/2 {
		return 0, false
	}
	least := s.recent[0]
	for _, d := range s.recent[:min(s.count, slackCount)] {
		least = min(least, d)
	}
	return least, true
}
