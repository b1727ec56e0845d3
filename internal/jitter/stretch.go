package jitter

import "math"

// Time is stretched and compressed by WSOLA (Verhelst and Roelands, ICASSP
// 1993): one period of the signal is repeated or left out, at the lag where the
// signal resembles itself most, and the seam is cross-faded over that period.
const (
	minLagPart = 400 // of the rate: 2.5 ms
	maxLagPart = 66  // of the rate: 15 ms
	coarseRate = 8000
)

// accelerate leaves a period of at most most samples out of the beginning of
// the future and returns its length, zero when no two periods resemble each
// other by at least alike (1 is equal).
func (l *line) accelerate(rate, most int, alike float64) int {
	x := l.future()
	most = min(most, len(x)/2, rate/maxLagPart)
	lag := bestLag(x, 0, rate, most, alike)
	if lag == 0 {
		return 0
	}
	fade(x[lag:2*lag], x[:lag], x[lag:2*lag])
	// What is left out lies before the seam: the past moves up to it.
	past := l.past()
	copy(l.samples[l.at-len(past)+lag:], past)
	l.at += lag
	return lag
}

// expand repeats a period of at most most samples before the future and
// returns its length.
func (l *line) expand(rate, most int, alike float64) int {
	keep := l.frame * pastFrames
	most = min(most, l.waiting(), rate/maxLagPart)
	most = len(l.room(most))
	x := l.samples[l.at-keep : l.end]
	// Compare what comes with what was: x[keep:] with x[keep-lag:].
	lag := bestLag(x, keep, rate, most, alike)
	if lag == 0 {
		return 0
	}
	copy(l.samples[l.at+lag:l.end+lag], l.samples[l.at:l.end])
	l.end += lag
	// The future's first period now lies at at+lag; the copy in front of it
	// fades from that period into the one before it.
	inserted := l.samples[l.at : l.at+lag]
	fade(inserted, l.samples[l.at+lag:l.at+2*lag], l.samples[l.at-lag:l.at])
	return lag
}

// fade writes a cross-fade from one signal to another.
func fade(out, from, to []int16) {
	n := float32(len(out) + 1)
	for i := range out {
		w := float32(i+1) / n
		out[i] = int16(float32(from[i])*(1-w) + float32(to[i])*w)
	}
}

// bestLag returns the lag of at most most samples at which x resembles itself
// best, the longest of equals. With origin 0 it compares x[0:lag] with x[lag:2*lag], otherwise
// x[origin:origin+lag] with x[origin-lag:origin]. It searches at 8 kHz and
// refines at full rate.
func bestLag(x []int16, origin, rate, most int, alike float64) int {
	least := rate / minLagPart
	if most < least {
		return 0
	}
	step := max(1, rate/coarseRate)
	best, score := 0, -1.0
	for lag := least; lag <= most; lag += step {
		if s := resemblance(x, origin, lag, step); s >= score {
			best, score = lag, s
		}
	}
	if step > 1 {
		coarse := best
		for lag := max(least, coarse-step+1); lag <= min(most, coarse+step-1); lag++ {
			if s := resemblance(x, origin, lag, 2); s > score {
				best, score = lag, s
			}
		}
	}
	if score < alike {
		return 0
	}
	return best
}

// quiet is a mean square below which any seam is inaudible: about -64 dBov.
const quiet = 400

// resemblance is the normalised correlation at a lag, over every step-th
// sample. It is 1 for signals too quiet to matter.
func resemblance(x []int16, origin, lag, step int) float64 {
	a, b := x[:lag], x[lag:2*lag]
	if origin > 0 {
		a, b = x[origin:origin+lag], x[origin-lag:origin]
	}
	var ab, aa, bb float64
	n := 0
	for i := 0; i < lag; i += step {
		u, v := float64(a[i]), float64(b[i])
		ab += u * v
		aa += u * u
		bb += v * v
		n++
	}
	if limit := quiet * float64(n); aa < limit && bb < limit {
		return 1
	}
	return ab / math.Sqrt(aa*bb+1)
}
