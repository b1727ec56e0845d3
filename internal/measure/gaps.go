package measure

import "time"

const gapFrame = 10 * time.Millisecond

// Gaps returns the stretches of at least shortest where the recording is quiet
// (RMS of 10 ms below level) although the reference, shifted by delay, is at
// least four times louder than level: what was said and did not arrive.
func Gaps(reference, recording Recording, delay, shortest time.Duration, level float64) []Span {
	var gaps []Span
	var open *Span
	end := func() {
		if open != nil && open.To-open.From >= shortest {
			gaps = append(gaps, *open)
		}
		open = nil
	}
	for at := time.Duration(0); at+gapFrame <= reference.Duration(); at += gapFrame {
		said := reference.Slice(at, at+gapFrame).RMS()
		heard := recording.Slice(at+delay, at+delay+gapFrame).RMS()
		if said < 4*level || heard >= level {
			end()
			continue
		}
		if open == nil {
			open = &Span{From: at + delay}
		}
		open.To = at + delay + gapFrame
	}
	end()
	return gaps
}

// Span is a stretch of a recording.
type Span struct{ From, To time.Duration }

// Loudest is the highest RMS of any 100 ms of the recording, so that a short
// sound in a long silence counts.
func (r Recording) Loudest() float64 {
	const window = 100 * time.Millisecond
	if r.Duration() <= window {
		return r.RMS()
	}
	var loudest float64
	for at := time.Duration(0); at+window <= r.Duration(); at += window / 2 {
		loudest = max(loudest, r.Slice(at, at+window).RMS())
	}
	return loudest
}
