package media

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/rtpstream"
)

// TestEchoOfTheFarEnd plays a far end on a speaker that the microphone hears.
// What is sent must not hold it when echo cancellation is on, and must when it
// is off.
func TestEchoOfTheFarEnd(t *testing.T) {
	sent := func(t *testing.T, options CaptureOptions) (energy float64, stats rtpstream.SourceStats) {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, Events{})
			defer d.close()
			// Short syllables: steady noise is not taken for somebody talking.
			noise := rand.New(rand.NewPCG(1, 2))
			frames := 0
			d.system.PlugInput("line", "Far end").SetSource(func(frame []int16) {
				if frames++; frames%25 > 5 {
					return
				}
				for i := range frame {
					frame[i] = int16(3000 * noise.NormFloat64())
				}
			})
			d.mic.Echo(d.speaker, 0.5)
			d.must(d.document.OpenCapture("far", CaptureOptions{Device: "line"}))
			line := &wire{to: d.receive("rx:p1:t1", opusCodec)}
			d.send("far", opusCodec, line)
			d.must(d.document.UpdatePlayer(Player{ID: "e1", Tracks: []string{"rx:p1:t1"}, Playing: true, Volume: 1}))
			d.must(d.document.OpenCapture("m", options))
			s := d.send("m", opusCodec, &wire{})
			time.Sleep(5 * time.Second)
			before := s.Stats().Source.TotalAudioEnergy
			time.Sleep(2 * time.Second)
			stats = s.Stats().Source
			energy = stats.TotalAudioEnergy - before
		})
		return energy, stats
	}
	loud, off := sent(t, CaptureOptions{Device: "mic"})
	quiet, on := sent(t, CaptureOptions{Device: "mic", EchoCancellation: true})
	t.Logf("energy %v without, %v with echo cancellation", loud, quiet)
	if loud < 3e-4 {
		t.Errorf("without echo cancellation an energy of %v is sent", loud)
	}
	if quiet > loud/100 {
		t.Errorf("echo cancellation takes away %v of %v", loud-quiet, loud)
	}
	if off.ERL != nil || off.ERLE != nil {
		t.Error("echo statistics without echo cancellation")
	}
	if on.ERLE == nil || *on.ERLE < 20 || on.ERL == nil || *on.ERL < 3 || *on.ERL > 12 {
		t.Errorf("echo statistics %v and %v", on.ERL, on.ERLE)
	}
}
