package media

import (
	"math"
	"slices"
	"time"

	"nearend/internal/jitter"
	"nearend/internal/rtpstream"
)

// sourceMemory is how long sources are listed after they were played (WebRTC
// 1.0, section 5.3.1), and sourceMax how many are remembered.
const (
	sourceMemory = 10 * time.Second
	sourceMax    = 32
)

// sources remembers whose packets were played. It keeps the most recent ones.
type sources struct {
	recent [sourceMax]rtpstream.Source
	levels [sourceMax]int
	count  int
}

// note takes the origin of a packet that is played now.
func (s *sources) note(o *jitter.Origin, now time.Time) {
	s.one(o.SSRC, false, o, now)
	for _, id := range o.CSRC() {
		s.one(id, true, o, now)
	}
}

func (s *sources) one(id uint32, contributing bool, o *jitter.Origin, now time.Time) {
	place, oldest := -1, 0
	for i := range s.recent[:s.count] {
		e := &s.recent[i]
		if e.ID == id && e.Contributing == contributing {
			place = i
			break
		}
		if e.Played.Before(s.recent[oldest].Played) {
			oldest = i
		}
	}
	switch {
	case place >= 0:
	case s.count < sourceMax:
		place = s.count
		s.count++
	default:
		place = oldest
	}
	s.recent[place] = rtpstream.Source{ID: id, Contributing: contributing, Played: now, RTPTimestamp: o.RTPTimestamp}
	s.levels[place] = o.Level
	if contributing {
		s.levels[place] = -1 // the packet's level is that of its SSRC
	}
}

// list returns the sources of the last ten seconds, most recent first.
func (s *sources) list(now time.Time) []rtpstream.Source {
	var out []rtpstream.Source
	for i, e := range s.recent[:s.count] {
		if now.Sub(e.Played) > sourceMemory {
			continue
		}
		if l := s.levels[i]; l >= 0 {
			linear := 0.0
			if l < 127 {
				linear = math.Pow(10, -float64(l)/20)
			}
			e.Level = &linear
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b rtpstream.Source) int { return b.Played.Compare(a.Played) })
	return out
}
