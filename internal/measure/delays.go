package measure

import (
	"math"
	"slices"
	"time"
)

// Delay is how late a part of the reference was heard.
type Delay struct {
	// At is the middle of the part within the reference.
	At time.Duration
	// Delay is from its place in the reference to its place in the recording.
	Delay time.Duration
	// Peak is the normalised correlation there, 1 for the same waveform.
	Peak float64
}

const (
	delayWindow = analysisRate * 4 / 10
	delayHop    = analysisRate / 10
	// delayRange is how far a part may be from where most of it is: delays of
	// a jitter buffer after a step of the network's.
	delayRange = analysisRate / 2
	// Below this a part is damaged too much to tell where it is.
	delayPeak = 0.5
)

// Delays follows the delay over time: every 100 ms the best place of 400 ms of
// the reference, by cross-correlation in the band of a telephone. Pauses of
// the reference and parts that were not found are left out.
func Delays(reference, recording Recording) []Delay {
	ref, rec := bandLimit(reference), bandLimit(recording)
	if len(ref) < delayWindow || len(rec) < delayWindow {
		return nil
	}
	coarse, _ := correlate(ref, rec)
	var loudest float64
	for start := 0; start+delayWindow <= len(ref); start += delayHop {
		part := ref[start : start+delayWindow]
		loudest = max(loudest, dot(part, part))
	}
	var delays []Delay
	for start := 0; start+delayWindow <= len(ref); start += delayHop {
		part := ref[start : start+delayWindow]
		from := max(0, start+coarse-delayRange)
		to := min(len(rec), start+coarse+delayWindow+delayRange)
		if dot(part, part) < quietWindow*quietWindow*loudest || to-from < delayWindow {
			continue
		}
		if lag, peak := correlate(part, rec[from:to]); peak >= delayPeak {
			delays = append(delays, Delay{samples(start + delayWindow/2), samples(from + lag - start), peak})
		}
	}
	return withoutOutliers(delays)
}

// withoutOutliers drops what both neighbours contradict: a voiced sound
// resembles itself a period of the voice later.
func withoutOutliers(delays []Delay) []Delay {
	const tolerance = 2 * time.Millisecond
	far := func(a, b Delay) bool { return (a.Delay - b.Delay).Abs() > tolerance }
	var kept []Delay
	for i, d := range delays {
		if i > 0 && i+1 < len(delays) && far(d, delays[i-1]) && far(d, delays[i+1]) && !between(d, delays[i-1], delays[i+1]) {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

func between(d, a, b Delay) bool {
	return min(a.Delay, b.Delay) <= d.Delay && d.Delay <= max(a.Delay, b.Delay)
}

// Percentile is the delay that the share of parts, from 0 to 1, do not exceed;
// 0 without any.
func Percentile(delays []Delay, share float64) time.Duration {
	if len(delays) == 0 {
		return 0
	}
	var sorted []time.Duration
	for _, d := range delays {
		sorted = append(sorted, d.Delay)
	}
	slices.Sort(sorted)
	// The nearest rank.
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}
