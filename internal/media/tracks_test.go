package media

import (
	"testing"
	"time"

	"nearend/internal/codec/opus"
	"nearend/internal/pcm"
)

func TestMuteIsSilenceOnTheWire(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		w := d.loop("m", "rx:p:t")
		d.wait(500)
		d.must(d.document.SetEnabled("m", false))
		d.wait(40)
		muted := len(w.sent())
		d.wait(500)
		packets := w.sent()[muted:]
		if len(packets) < 24 {
			t.Fatalf("%d packets while muted", len(packets))
		}
		decoder, err := opus.NewDecoder()
		d.must(err)
		defer decoder.Close()
		out := make([]int16, 960)
		for i, p := range packets[5:] {
			if _, err := decoder.Decode(out, p.Payload); err != nil || pcm.Peak(out) > 3 {
				t.Fatalf("packet %d has a peak of %d: speech? %v", i, pcm.Peak(out), err)
			}
			if p.SequenceNumber != packets[4+i].SequenceNumber+1 {
				t.Fatal("a break in the stream")
			}
		}
		if s := w.to.Stats(); s.AudioLevel > 0.001 {
			t.Errorf("the far end hears a level of %v", s.AudioLevel)
		}
		d.must(d.document.SetEnabled("m", true))
		d.wait(300)
		if s := w.to.Stats(); s.AudioLevel < 0.3 {
			t.Errorf("after the mute the far end hears a level of %v", s.AudioLevel)
		}
	})
}

func TestClonesAreIndependent(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		d.must(d.document.CloneTrack("m", "c"))
		// A receiver's track may be cloned and disabled before its receiver.
		d.must(d.document.CloneTrack("rx:p:1", "rc"))
		d.must(d.document.SetEnabled("rx:p:1", false))
		original, clone := d.loop("m", "rx:p:1"), d.loop("c", "rx:p:2")
		d.must(d.document.SetEnabled("m", false))
		d.must(d.document.UpdatePlayer(Player{ID: "a", Tracks: []string{"rc", "rx:p:1"}, Playing: true, Volume: 1}))
		d.wait(500)
		if a, b := original.to.Stats().AudioLevel, clone.to.Stats().AudioLevel; a > 0.001 || b < 0.3 {
			t.Errorf("levels %v and %v", a, b)
		}
		d.must(d.document.SetEnabled("m", true))
		d.wait(500)
		if p := recent(d.speaker); p < 0.11 || p > 0.14 {
			t.Errorf("the clone alone should play, heard %v", p)
		}
		d.must(d.document.StopTrack("m"))
		d.wait(300)
		if captures, _ := d.system.Open(); captures != 1 {
			t.Errorf("%d microphones open for the clone", captures)
		}
		sent := len(original.sent())
		d.wait(300)
		if n := len(original.sent()) - sent; n < 14 {
			t.Errorf("an ended track sent %d packets of silence", n)
		}
		d.must(d.document.StopTrack("c"))
		if captures, _ := d.system.Open(); captures != 0 {
			t.Error("the microphone is still open")
		}
		// What has ended may still be named.
		d.must(d.document.StopTrack("m"))
		d.must(d.document.SetEnabled("m", false))
		d.must(d.document.CloneTrack("m", "late"))
		dead := &wire{}
		d.send("late", opusCodec, dead)
		d.wait(300)
		if len(dead.sent()) < 14 {
			t.Errorf("a clone of an ended track sent %d packets of silence", len(dead.sent()))
		}
		for what, err := range map[string]error{
			"unknown":      d.document.SetEnabled("nobody", true),
			"stop unknown": d.document.StopTrack("nobody"),
			"clone nobody": d.document.CloneTrack("nobody", "x"),
			"used id":      d.document.OpenCapture("m", CaptureOptions{}),
			"reconfigured": d.document.Reconfigure("m", CaptureOptions{}),
		} {
			if err == nil {
				t.Errorf("%s: no error", what)
			}
		}
	})
}

func TestTrackIsReplacedWithoutABreak(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		d.must(d.document.OpenCapture("n", CaptureOptions{EchoCancellation: true}))
		w := &wire{}
		s := d.send("m", opusCodec, w)
		d.wait(200)
		d.must(s.SetTrack(""))
		d.wait(200)
		d.must(s.SetTrack("n"))
		d.wait(200)
		packets := w.sent()
		if n := len(packets); n < 18 || n > 21 {
			t.Errorf("%d packets", n)
		}
		gaps := 0
		for i := 1; i < len(packets); i++ {
			if packets[i].SequenceNumber != packets[i-1].SequenceNumber+1 {
				t.Error("sequence numbers break")
			}
			if step := packets[i].Timestamp - packets[i-1].Timestamp; step != 960 {
				gaps++
				if step < 960+19*480 || step > 960+23*480 {
					t.Errorf("the pause took %d units", step)
				}
			}
		}
		if gaps != 1 {
			t.Errorf("%d gaps in time", gaps)
		}
		if s.SetTrack("nobody") == nil {
			t.Error("an unknown track was accepted")
		}
		if st := s.Stats(); st.Source.AudioLevel < 0.2 || st.TotalSendDelay > time.Second {
			t.Errorf("%+v", st)
		}
	})
}
