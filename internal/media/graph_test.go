package media

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nearend/internal/audio/audiotest"
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
