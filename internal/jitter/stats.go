package jitter

import (
	"time"

	"nearend/internal/rtpstream"
)

// Stats are counters of a stream. Samples are those of the decoder.
type Stats struct {
	// ReceiverStats are complete but for what is heard (audio level, energy,
	// duration) and the processing delay, which are zero.
	rtpstream.ReceiverStats
	// Target is the slack wanted now.
	Target time.Duration
}

// sequence counts packets and losses of one SSRC (RFC 3550, appendix A.1 and
// A.3).
type sequence struct {
	started  bool
	first    uint32 // extended
	highest  uint32 // extended
	received uint32
	// jitter as in appendix A.8, in units of the clock.
	jitter      float64
	lastTransit float64
	transits    bool
}

// update takes a packet's sequence number and reports how many numbers were
// skipped before it, negative when it is older than the newest.
func (s *sequence) update(seq uint16) int {
	s.received++
	if !s.started {
		s.started = true
		s.first = uint32(seq) + 1<<16
		s.highest = s.first
		return 0
	}
	step := int16(seq - uint16(s.highest))
	if step <= 0 {
		// An old packet may be older than the first one.
		if extended := s.highest + uint32(int32(step)); extended < s.first && step > -100 {
			s.first = extended
		}
		return -1
	}
	s.highest += uint32(step)
	return int(step) - 1
}

func (s *sequence) lost() int64 {
	if !s.started {
		return 0
	}
	return int64(s.highest) - int64(s.first) + 1 - int64(s.received)
}

// spread takes a packet's relative transit in units of the clock.
func (s *sequence) spread(transit float64) {
	if s.transits {
		d := transit - s.lastTransit
		if d < 0 {
			d = -d
		}
		s.jitter += (d - s.jitter) / 16
	}
	s.lastTransit, s.transits = transit, true
}
