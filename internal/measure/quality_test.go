package measure

import (
	"math"
	"testing"
	"time"
)

// shifted hears r later by what delay says for each time within r.
func shifted(r Recording, delay func(at time.Duration) time.Duration) Recording {
	out := Recording{Rate: r.Rate, Samples: make([]float64, len(r.Samples)+r.index(2*time.Second))}
	for i := range out.Samples {
		at := out.at(i)
		if from := r.index(at - delay(at)); from >= 0 && from < len(r.Samples) {
			out.Samples[i] = r.Samples[from]
		}
	}
	return out
}

func constant(d time.Duration) func(time.Duration) time.Duration {
	return func(time.Duration) time.Duration { return d }
}

// step is 100 ms, and 300 ms from the fourth second of the recording on.
func step(at time.Duration) time.Duration {
	if at < 4*time.Second {
		return 100 * time.Millisecond
	}
	return 300 * time.Millisecond
}

func TestDelaysFollowAStep(t *testing.T) {
	said := mouth(t)
	delays := Delays(said, noisy(shifted(said, step), 10))
	if len(delays) < 30 {
		t.Fatalf("only %d delays of 7 s of speech", len(delays))
	}
	for _, d := range delays {
		want := 100 * time.Millisecond
		switch {
		// What the window sees around the step may be either side.
		case d.At > 3600*time.Millisecond && d.At < 4100*time.Millisecond:
			continue
		case d.At > 3900*time.Millisecond:
			want = 300 * time.Millisecond
		}
		if (d.Delay - want).Abs() > time.Millisecond {
			t.Errorf("at %v: delay %v, want %v", d.At, d.Delay, want)
		}
	}
}

func TestDelaysOfSomethingElse(t *testing.T) {
	said := mouth(t)
	if got := Delays(said, babble(5, 8*time.Second)); len(got) > 3 {
		t.Errorf("found %d parts in another sound", len(got))
	}
	if got := Delays(said, Recording{Rate: 48000}); got != nil {
		t.Errorf("found %v in nothing", got)
	}
}

func TestOutliersAreDropped(t *testing.T) {
	var delays []Delay
	for i, ms := range []int{50, 50, 58, 50, 51, 90, 120, 120, 40} {
		delays = append(delays, Delay{At: time.Duration(i) * time.Second, Delay: time.Duration(ms) * time.Millisecond})
	}
	var got []int
	for _, d := range withoutOutliers(delays) {
		got = append(got, int(d.Delay.Milliseconds()))
	}
	want := []int{50, 50, 50, 51, 90, 120, 120, 40}
	if len(got) != len(want) {
		t.Fatalf("kept %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("kept %v, want %v", got, want)
		}
	}
}

func TestPercentile(t *testing.T) {
	var delays []Delay
	for ms := 100; ms > 0; ms-- {
		delays = append(delays, Delay{Delay: time.Duration(ms) * time.Millisecond})
	}
	for share, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.95: 95, 1: 100} {
		if got := Percentile(delays, share); got != want*time.Millisecond {
			t.Errorf("%v: got %v, want %vms", share, got, want)
		}
	}
	if Percentile(nil, 0.5) != 0 {
		t.Error("percentile of nothing is not 0")
	}
}

func TestAlignUndoesDelays(t *testing.T) {
	said := mouth(t)
	heard := shifted(said, constant(250*time.Millisecond))
	aligned := Align(said, heard, Delays(said, heard))
	var worst float64
	for i, s := range said.Samples {
		worst = max(worst, math.Abs(s-aligned.Samples[i]))
	}
	if len(aligned.Samples) != len(said.Samples) || worst > 0.02 {
		t.Errorf("differs by %v after alignment", worst)
	}
}

// TestAlignCutsWhereTheDelayChanges: 60 ms are taken out of a word and come back
// as a repetition, as a jitter buffer does. Nothing but those is damaged.
func TestAlignCutsWhereTheDelayChanges(t *testing.T) {
	said := mouth(t)
	const shrunk, stretched = 2200 * time.Millisecond, 5100 * time.Millisecond
	heard := shifted(said, func(at time.Duration) time.Duration {
		if at > shrunk && at < stretched {
			return 40 * time.Millisecond
		}
		return 100 * time.Millisecond
	})
	aligned := Align(said, heard, Delays(said, heard))
	var damaged int
	for i, s := range said.Samples {
		if math.Abs(s-aligned.Samples[i]) > 0.02 {
			damaged++
		}
	}
	if length := said.at(damaged); length > 80*time.Millisecond {
		t.Errorf("%v damaged, want no more than the 60 ms that are missing and the fades", length)
	}
}

func TestJudgeUndamaged(t *testing.T) {
	said := mouth(t)
	q := Judge(said, shifted(said, step))
	// The step leaves 200 ms of silence between two words, and no more than that.
	if q.STOI < 0.99 || q.ESTOI < 0.99 || q.CepstralDistance > 1 || len(q.Gaps) > 1 {
		t.Errorf("a step only: STOI %.3f, ESTOI %.3f, cepstral distance %.2f, gaps %v", q.STOI, q.ESTOI, q.CepstralDistance, q.Gaps)
	}
	q = Judge(said, shifted(said, constant(80*time.Millisecond)))
	if q.STOI < 0.999 || q.ESTOI < 0.999 || q.CepstralDistance > 0.3 || len(q.Gaps) > 0 {
		t.Errorf("a delay only: STOI %.3f, ESTOI %.3f, cepstral distance %.2f, gaps %v", q.STOI, q.ESTOI, q.CepstralDistance, q.Gaps)
	}
	if got := Percentile(q.Delays, 0.5); (got - 80*time.Millisecond).Abs() > time.Millisecond {
		t.Errorf("median delay %v, want 80ms", got)
	}
}

func TestJudgeFallsWithLoss(t *testing.T) {
	said := mouth(t).Slice(0, 4*time.Second)
	last := Judge(said, said)
	for _, loss := range []float64{0.05, 0.1, 0.2, 0.4} {
		q := Judge(said, shifted(lossy(said, loss), constant(120*time.Millisecond)))
		if q.ESTOI >= last.ESTOI || q.CepstralDistance <= last.CepstralDistance {
			t.Errorf("loss %v: ESTOI %.3f after %.3f, cepstral distance %.2f after %.2f",
				loss, q.ESTOI, last.ESTOI, q.CepstralDistance, last.CepstralDistance)
		}
		last = q
	}
}

func TestJudgeFindsGaps(t *testing.T) {
	said := mouth(t)
	broken := Recording{said.Rate, append([]float64(nil), said.Samples...)}
	clear(broken.Samples[broken.index(2*time.Second):broken.index(2100*time.Millisecond)])
	q := Judge(said, shifted(broken, constant(50*time.Millisecond)))
	var missing time.Duration
	for _, gap := range q.Gaps {
		if gap.From < 1990*time.Millisecond || gap.To > 2110*time.Millisecond {
			t.Errorf("gap at %v", gap)
		}
		missing += gap.To - gap.From
	}
	if missing < 50*time.Millisecond {
		t.Errorf("%v missing, want 100ms", missing)
	}
}

func TestJudgeSilence(t *testing.T) {
	said := mouth(t)
	q := Judge(said, Recording{48000, make([]float64, 8*48000)})
	if q.STOI > 0.05 || q.ESTOI > 0.05 || math.Abs(q.CepstralDistance-13) > 1 || len(q.Delays) != 0 {
		t.Errorf("silence: STOI %.3f, ESTOI %.3f, cepstral distance %.2f", q.STOI, q.ESTOI, q.CepstralDistance)
	}
}

func TestCepstralDistanceIgnoresLoudnessAndSmallShifts(t *testing.T) {
	said := mouth(t)
	quiet := said.scaled(said.RMS() / 8)
	if got := CepstralDistance(said, quiet); got > 1e-6 {
		t.Errorf("quieter: %v dB, want 0", got)
	}
	if got := CepstralDistance(said, noisy(said, 20)); math.Abs(got-4) > 0.5 {
		t.Errorf("noise at 20 dB: %v dB, want about 4", got)
	}
	moved := shifted(said, constant(30*time.Millisecond))
	if got := CepstralDistance(said, moved); got > 0.5 {
		t.Errorf("30 ms later: %v dB, want about 0", got)
	}
}

// TestCepstralDistanceIsInDecibels: a ripple of 6 dB over the bands is 6/√2 dB
// away.
func TestCepstralDistanceIsInDecibels(t *testing.T) {
	var ripple cepstrum
	for b := range cepstrumBands {
		angle := math.Pi * 3 * (float64(b) + 0.5) / cepstrumBands
		power := 6 * math.Cos(angle) * math.Ln10 / 10
		ripple[2] += power * math.Cos(angle) / cepstrumBands
	}
	if got := ripple.distance(cepstrum{}); math.Abs(got-6/math.Sqrt2) > 1e-9 {
		t.Errorf("got %v dB, want %v", got, 6/math.Sqrt2)
	}
}

func TestWarpingStaysInBounds(t *testing.T) {
	frames := make([]cepstrum, 40)
	for i := range frames {
		frames[i][0] = float64(i)
	}
	for _, lengths := range [][2]int{{40, 40}, {40, 20}, {20, 40}, {1, 40}, {40, 1}} {
		last := 0
		for i, j := range warped(frames[:lengths[0]], frames[:lengths[1]]) {
			if j < last || j >= lengths[1] {
				t.Fatalf("lengths %v: frame %d goes to %d after %d", lengths, i, j, last)
			}
			last = j
		}
	}
	// Frames that are late by four are found.
	for i, j := range warped(frames[:30], frames[4:]) {
		if i > 8 && i < 26 && j != i-4 {
			t.Errorf("frame %d goes to %d, want %d", i, j, i-4)
		}
	}
}
