package measure

import "time"

// Quality says how speech that travelled was heard.
type Quality struct {
	Intelligibility
	// CepstralDistance is in dB; see there.
	CepstralDistance float64
	// Delays is the delay over time.
	Delays []Delay
	// Gaps are the stretches of the reference that were not heard.
	Gaps []Span
}

// gapLength is the shortest gap that counts: people hear from there on.
const gapLength = 30 * time.Millisecond

// Judge compares what was said with what was heard at another time and maybe
// stretched. Speech that cannot be found has quality zero and no delays.
func Judge(reference, recording Recording) Quality {
	q := Quality{Delays: Delays(reference, recording)}
	heard := Align(reference, recording, q.Delays)
	q.Intelligibility = Understand(reference, heard)
	q.CepstralDistance = CepstralDistance(reference, heard)
	// A twentieth of the level at which it was heard is silence.
	q.Gaps = Gaps(reference.scaled(heard.RMS()), heard, 0, gapLength, heard.RMS()/20)
	return q
}

// scaled returns the recording with that RMS.
func (r Recording) scaled(rms float64) Recording {
	own := r.RMS()
	if own == 0 {
		return r
	}
	out := Recording{r.Rate, make([]float64, len(r.Samples))}
	for i, s := range r.Samples {
		out.Samples[i] = s * rms / own
	}
	return out
}
