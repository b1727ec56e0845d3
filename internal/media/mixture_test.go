package media

import (
	"errors"
	"testing"
)

func TestMixture(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		// It may be sent before there is anything in it.
		d.must(d.document.Mix("x", nil))
		w := d.loop("x", "rx:p:1")
		d.wait(500)
		if n := len(w.sent()); n < 20 {
			t.Fatalf("%d packets of silence", n)
		}
		level := func() float64 { return w.to.Stats().AudioLevel }
		between := func(what string, low, high float64) {
			t.Helper()
			d.wait(600)
			if l := level(); l < low || l > high {
				t.Errorf("%s: the far end hears a level of %v", what, l)
			}
		}
		between("nothing", 0, 0.001)
		d.must(d.document.Mix("x", []Input{{"m", 1}}))
		between("the microphone", 0.34, 0.37)
		d.must(d.document.Mix("x", []Input{{"m", 0.5}}))
		between("half of it", 0.17, 0.185)
		d.must(d.document.Mix("x", []Input{{"m", 1.6}}))
		between("more of it", 0.55, 0.58)
		// What is there twice counts once; what is not there is left out.
		d.must(d.document.Mix("x", []Input{{"nobody", 1}, {"x", 1}, {"m", 0.5}, {"m", 0.5}}))
		between("once", 0.17, 0.185)
		d.must(d.document.SetEnabled("x", false))
		between("disabled", 0, 0.001)
		d.must(d.document.SetEnabled("x", true))
		d.must(d.document.SetEnabled("m", false))
		between("the microphone disabled", 0, 0.001)
		d.must(d.document.SetEnabled("m", true))
		between("both enabled", 0.17, 0.185)
		sent := len(w.sent())
		d.wait(1000)
		if n := len(w.sent()) - sent; n < 49 || n > 51 {
			t.Errorf("%d packets in a second", n)
		}
		d.must(d.document.StopTrack("m"))
		between("the microphone stopped", 0, 0.001)
		d.must(d.document.StopTrack("x"))
		sent = len(w.sent())
		d.wait(300)
		if n := len(w.sent()) - sent; n < 14 {
			t.Errorf("a stopped mixture sent %d packets of silence", n)
		}
		if captures, _ := d.system.Open(); captures != 0 {
			t.Error("the microphone is still open")
		}
		if err := d.document.Mix("x", nil); !errors.Is(err, ErrTrackExists) {
			t.Errorf("a stopped one: %v", err)
		}
		if err := d.document.Mix("m", nil); !errors.Is(err, ErrTrackExists) {
			t.Errorf("a microphone: %v", err)
		}
		if d.document.Mix("y", []Input{{"m", -1}}) == nil {
			t.Error("a negative gain is taken")
		}
		if err := d.document.CloneTrack("x", "c"); !errors.Is(err, ErrNoTrack) {
			t.Errorf("a clone: %v", err)
		}
	})
}

// TestMixtureOfTwo adds a microphone and what a receiver plays, each at its own
// pace.
func TestMixtureOfTwo(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.must(d.document.Mix("x", []Input{{"rx:p:1", 0.25}, {"m", 0.5}}))
		w := d.loop("x", "rx:p:2")
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		d.must(d.document.OpenCapture("n", CaptureOptions{}))
		d.must(d.document.Mix("x", []Input{{"rx:p:1", 0.25}, {"m", 0.5}}))
		d.wait(600)
		level := func(what string, low, high float64) {
			t.Helper()
			if l := w.to.Stats().AudioLevel; l < low || l > high {
				t.Errorf("%s gives a level of %v", what, l)
			}
		}
		level("the microphone alone", 0.17, 0.185)
		d.loop("n", "rx:p:1")
		d.wait(1500)
		level("their sum", 0.08, 0.27)
		d.must(d.document.SetEnabled("rx:p:1", false))
		d.wait(600)
		level("the microphone, at the receiver's pace,", 0.17, 0.185)
		d.must(d.document.SetEnabled("m", false))
		d.must(d.document.SetEnabled("rx:p:1", true))
		d.wait(600)
		level("the receiver beside silence", 0.085, 0.093)
		d.must(d.document.Mix("x", []Input{{"rx:p:1", 1}}))
		d.wait(600)
		level("the receiver alone", 0.34, 0.37)
	})
}
