package media

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/audio/audiotest"
	"nearend/internal/codec/opus"
	"nearend/internal/pcm"
)

// inBubble runs a test with a desk under fake time.
func inBubble(t *testing.T, events Events, test func(d *desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, events)
		defer d.close()
		d.T = t
		test(d)
	})
}

// wait lets ms of fake time pass and everything settle.
func (d *desk) wait(ms int) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	synctest.Wait()
}

// recent is the power of the last 200 ms played.
func recent(o *audiotest.Output) float64 {
	heard := o.Heard()
	return pcm.Power(heard[max(0, len(heard)-2*pcm.Rate/5):])
}

// loop sends a microphone track to a receiver of the same desk.
func (d *desk) loop(track, rx string) *wire {
	w := &wire{to: d.receive(rx, opusCodec)}
	d.send(track, opusCodec, w)
	return w
}

func (d *desk) tone() { d.mic.Say(audiotest.Tone(440, 0.5, 2000)) }

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

func TestPlayers(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		w := d.loop("m", "rx:p:t")
		both := Player{ID: "a", Tracks: []string{"rx:p:t"}, Playing: true, Volume: 1}
		d.must(d.document.UpdatePlayer(both))
		other := Player{ID: "b", Tracks: []string{"rx:p:t"}, Playing: true, Volume: 0.5, Device: "headset"}
		d.must(d.document.UpdatePlayer(other))
		d.wait(1500)
		if p := recent(d.speaker); p < 0.11 || p > 0.14 {
			t.Errorf("speaker plays %v", p)
		}
		if p := recent(d.headset); p < 0.028 || p > 0.035 {
			t.Errorf("headset plays %v", p)
		}
		samples := w.to.Stats().TotalSamplesReceived
		d.wait(1000)
		if n := w.to.Stats().TotalSamplesReceived - samples; n < 47500 || n > 48500 {
			t.Errorf("%d samples pulled in a second by two outputs", n)
		}
		both.Muted = true
		d.must(d.document.UpdatePlayer(both))
		other.Playing = false
		d.must(d.document.UpdatePlayer(other))
		d.wait(500)
		if recent(d.speaker) != 0 || recent(d.headset) != 0 {
			t.Errorf("muted plays %v, paused %v", recent(d.speaker), recent(d.headset))
		}
		both.Muted = false
		both.Device = "headset"
		d.must(d.document.UpdatePlayer(both))
		d.wait(500)
		if p := recent(d.headset); p < 0.11 {
			t.Errorf("after the move the headset plays %v", p)
		}
		d.document.ClosePlayer("a")
		d.document.ClosePlayer("b")
		d.wait(500)
		samples = w.to.Stats().TotalSamplesReceived
		d.wait(1000)
		if n := w.to.Stats().TotalSamplesReceived - samples; n < 47500 || n > 48500 {
			t.Errorf("%d samples pulled in a second by nobody", n)
		}
		d.wait(4000)
		if _, playouts := d.system.Open(); playouts != 0 {
			t.Errorf("%d outputs left open", playouts)
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
		for what, err := range map[string]error{
			"stop twice":   d.document.StopTrack("m"),
			"clone ended":  d.document.CloneTrack("c", "x"),
			"unknown":      d.document.SetEnabled("nobody", true),
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
		if d.document.SetEnabled("m", true) == nil {
			t.Error("the ended track lives")
		}
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

func TestLevels(t *testing.T) {
	var mu sync.Mutex
	var events [][]Level
	inBubble(t, Events{Levels: func(l []Level) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, l)
	}}, func(d *desk) {
		t := d.T
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		d.document.Observe([]string{"m", "nobody"})
		d.wait(500)
		mu.Lock()
		if len(events) != 0 {
			t.Errorf("%d events of silence", len(events))
		}
		mu.Unlock()
		d.mic.Say(audiotest.Tone(440, 0.5, 60))
		d.wait(1000)
		mu.Lock()
		defer mu.Unlock()
		if n := len(events); n < 20 || n > 24 {
			t.Errorf("%d events in 0.6 s", n)
		}
		if l := events[10]; len(l) != 1 || l[0].Track != "m" || l[0].Level < 0.34 || l[0].Level > 0.37 {
			t.Errorf("%v", l)
		}
		if l := events[len(events)-1]; l[0].Level != 0 {
			t.Errorf("the last is %v", l)
		}
		go d.document.Observe(nil)
	})
}

func TestSourcesAreListed(t *testing.T) {
	inBubble(t, Events{}, func(d *desk) {
		t := d.T
		d.tone()
		d.must(d.document.OpenCapture("m", CaptureOptions{}))
		w := d.loop("m", "rx:p:t")
		d.wait(300)
		list := w.to.Sources()
		if len(list) != 1 || list[0].ID != 4711 || list[0].Contributing || list[0].Level != nil {
			t.Errorf("%+v", list)
		}
		d.must(w.to.Close())
		d.wait(11000)
		if list := w.to.Sources(); len(list) != 0 {
			t.Errorf("%+v eleven seconds later", list)
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
