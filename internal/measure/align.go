package measure

import "time"

// sameDelay is what delays may differ by without being another one: two samples
// at analysisRate.
const sameDelay = 2 * time.Second / analysisRate

// Align cuts the recording so that each part lies where it lies in the
// reference, at the rate and of the length of the reference: a jump that a
// jitter buffer made is judged as delay and not as damage too. Delays must be of
// these two. Where the delay changes, the cut is where the recording fits best,
// with a fade of 10 ms.
func Align(reference, recording Recording, delays []Delay) Recording {
	rec := recording.Resampled(reference.Rate)
	out := Recording{reference.Rate, make([]float64, len(reference.Samples))}
	fade := reference.Rate / 100
	from := -fade
	parts := constantParts(delays)
	for i, part := range parts {
		to := len(out.Samples) + fade
		if i+1 < len(parts) {
			to = cut(reference, rec, part, parts[i+1], from)
		}
		shift := rec.index(part.delay)
		for k := max(0, from-fade/2); k < min(len(out.Samples), to+fade/2); k++ {
			if j := k + shift; j >= 0 && j < len(rec.Samples) {
				rise, fall := float64(k-from+fade/2)/float64(fade), float64(to+fade/2-k)/float64(fade)
				out.Samples[k] += rec.Samples[j] * min(1, rise, fall)
			}
		}
		from = to
	}
	return out
}

// part is a stretch of the reference with one delay, from its first to its last
// measured place.
type part struct {
	first, last time.Duration
	delay       time.Duration
}

func constantParts(delays []Delay) []part {
	var parts []part
	for _, d := range delays {
		if n := len(parts); n > 0 && (parts[n-1].delay-d.Delay).Abs() <= sameDelay {
			parts[n-1].last = d.At
			continue
		}
		parts = append(parts, part{d.At, d.At, d.Delay})
	}
	return parts
}

// cut returns the sample of the reference, from earliest on, at which the second
// part takes over with the least error. The windows that found the delays reach
// beyond the places that they stand for.
func cut(reference, recording Recording, a, b part, earliest int) int {
	const reach = delayWindow / 2 * time.Second / analysisRate
	low := max(earliest, reference.index(a.last-reach), 0)
	high := min(reference.index(b.first+reach), len(reference.Samples))
	if high <= low {
		return max(earliest, (low+high)/2)
	}
	shiftA, shiftB := recording.index(a.delay), recording.index(b.delay)
	at := func(i int) float64 {
		if i < 0 || i >= len(recording.Samples) {
			return 0
		}
		return recording.Samples[i]
	}
	// The loudness is that which fits both best.
	var across, power float64
	for k := low; k < high; k++ {
		u, v, w := reference.Samples[k], at(k+shiftA), at(k+shiftB)
		across += u * (v + w)
		power += v*v + w*w
	}
	gain := across / (power + 1e-20)
	// sum is how much worse the cut is at k+1 than at low.
	best, least, sum := low, 0.0, 0.0
	for k := low; k < high; k++ {
		u := reference.Samples[k]
		missA, missB := u-gain*at(k+shiftA), u-gain*at(k+shiftB)
		if sum += missA*missA - missB*missB; sum < least {
			best, least = k+1, sum
		}
	}
	return best
}
