package media

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/audio/audiotest"
)

func TestDevicesThatAreMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		system := audiotest.New()
		system.Run()
		engine := NewEngine(system, zerolog.Nop())
		var mu sync.Mutex
		var failures []error
		document := engine.Document("d", Events{PlayerFailed: func(_ string, err error) {
			mu.Lock()
			defer mu.Unlock()
			failures = append(failures, err)
		}})
		if err := document.OpenCapture("m", CaptureOptions{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("no microphone: %v", err)
		}
		d := &desk{T: t, system: system, engine: engine, document: document}
		defer d.close()
		r := d.receive("rx:p:t", opusCodec)
		d.must(document.UpdatePlayer(Player{ID: "a", Tracks: []string{"rx:p:t"}, Playing: true, Volume: 1}))
		d.wait(1000)
		mu.Lock()
		if len(failures) != 1 || !errors.Is(failures[0], ErrNotFound) {
			t.Errorf("no speaker: %v", failures)
		}
		mu.Unlock()
		speaker := system.PlugOutput("s", "Speaker")
		system.PlugInput("i", "Microphone").Say(audiotest.Tone(440, 0.5, 500))
		d.must(document.OpenCapture("m", CaptureOptions{}))
		d.send("m", opusCodec, &wire{to: r})
		d.wait(1000)
		mu.Lock()
		if len(failures) != 2 || failures[1] != nil {
			t.Errorf("a speaker came: %v", failures)
		}
		mu.Unlock()
		if p := recent(speaker); p < 0.11 {
			t.Errorf("the speaker plays %v", p)
		}
		system.FailOpen(errors.New("busy"))
		if err := document.OpenCapture("n", CaptureOptions{Device: "i"}); !errors.Is(err, ErrNotReadable) {
			t.Errorf("a busy microphone: %v", err)
		}
	})
}

func TestUnpluggedDevicesAreReplaced(t *testing.T) {
	type change struct {
		muted, ended bool
		device       string
	}
	var mu sync.Mutex
	var changes []change
	var lists [][]audio.Device
	events := Events{TrackChanged: func(_ string, muted, ended bool, device audio.Device) {
		mu.Lock()
		defer mu.Unlock()
		changes = append(changes, change{muted, ended, device.ID})
	}}
	inBubble(t, events, func(d *desk) {
		t := d.T
		d.engine.WatchDevices(func(list []audio.Device) {
			mu.Lock()
			defer mu.Unlock()
			lists = append(lists, list)
		})
		second := d.system.PlugInput("mic2", "Second")
		d.tone()
		second.Say(audiotest.Tone(440, 0.25, 2000))
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		w := d.loop("m", "rx:p:t")
		d.must(d.document.UpdatePlayer(Player{ID: "a", Tracks: []string{"rx:p:t"}, Playing: true, Volume: 1}))
		d.wait(1000)
		d.system.Unplug("mic")
		d.system.Unplug("speaker")
		d.wait(1000)
		if p := recent(d.headset); p < 0.028 || p > 0.035 {
			t.Errorf("a second later the headset plays %v of the second microphone", p)
		}
		packets := w.sent()
		for i := 1; i < len(packets); i++ {
			if packets[i].Timestamp-packets[i-1].Timestamp != 960 {
				t.Error("the stream breaks")
			}
		}
		mu.Lock()
		if want := []change{{true, false, ""}, {false, false, "mic2"}}; len(changes) != 2 || changes[0] != want[0] || changes[1] != want[1] {
			t.Errorf("told %v", changes)
		}
		if len(lists) == 0 || len(lists[len(lists)-1]) != 2 {
			t.Errorf("device lists %v", lists)
		}
		changes = nil
		mu.Unlock()
		d.system.PlugInput("mic3", "Third").Say(audiotest.Tone(440, 0.5, 2000))
		d.system.SetDefault("mic3")
		d.wait(1500)
		mu.Lock()
		if len(changes) != 2 || changes[1].device != "mic3" {
			t.Errorf("a new default: %v", changes)
		}
		changes = nil
		mu.Unlock()
		d.system.Unplug("mic2")
		d.system.Unplug("mic3")
		d.wait(12000)
		mu.Lock()
		if len(changes) != 2 || !changes[1].ended {
			t.Errorf("no microphone is left: %v", changes)
		}
		mu.Unlock()
		sent := len(w.sent())
		d.wait(300)
		if len(w.sent())-sent < 14 {
			t.Error("an ended track is silence on the wire, not nothing")
		}
		d.must(d.document.StopTrack("m"))
	})
}

func TestReconfigureChangesTheDevice(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.system.PlugInput("mic2", "Second").Say(audiotest.Tone(440, 0.25, 2000))
		d.must(d.document.OpenCapture("m", CaptureOptions{EchoCancellation: true}))
		w := d.loop("m", "rx:p:t")
		d.wait(200)
		d.must(d.document.Reconfigure("m", CaptureOptions{}))
		d.wait(500)
		if l := w.to.Stats().AudioLevel; l < 0.33 || l > 0.37 {
			t.Errorf("level %v", l)
		}
		d.must(d.document.Reconfigure("m", CaptureOptions{Device: "mic2"}))
		d.wait(500)
		if l := w.to.Stats().AudioLevel; l < 0.16 || l > 0.19 {
			t.Errorf("level of the second microphone %v", l)
		}
		if captures, _ := d.system.Open(); captures != 1 {
			t.Errorf("%d microphones open", captures)
		}
		if err := d.document.Reconfigure("m", CaptureOptions{Device: "none"}); !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestDocumentsShareAMicrophone(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		second := d.engine.Document("d2", Events{})
		d.must(second.OpenCapture("m", CaptureOptions{}))
		if captures, _ := d.system.Open(); captures != 1 {
			t.Errorf("%d microphones open", captures)
		}
		second.Close()
		if captures, _ := d.system.Open(); captures != 1 {
			t.Errorf("%d microphones open", captures)
		}
		d.document.Close()
		if captures, _ := d.system.Open(); captures != 0 {
			t.Errorf("%d microphones open", captures)
		}
		if err := d.document.OpenCapture("n", CaptureOptions{}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}
