package e2e_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

// TestCallToNativeChromium: a redirected page calls a page in an unmodified
// browser at another desk.
func TestCallToNativeChromium(t *testing.T) {
	near := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	farDesk, err := rig.NewDesk()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(farDesk.Close)
	farBrowser, err := rig.Launch(t.Context(), rig.BrowserOptions{Env: farDesk.Env(), GrantMicrophone: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(farBrowser.Close)

	connections := internals(t, near.Browser)
	nearPage := openPhone(t, near.Browser, near.Site, "&meters=off&number=200")
	farPage := openPhone(t, farBrowser, near.Site, "&number=300&answer=auto")
	dial(t, nearPage, "300")
	wait(t, farPage, `document.body.dataset.state === 'connected'`)

	t.Run("both hear each other", func(t *testing.T) {
		mine, theirs := speech(t), demo.Greeting()
		unhurried(t, func() error {
			nearHeard, farHeard := recordHeard(t, near.Desk), recordHeard(t, farDesk)
			var speaking sync.WaitGroup
			speaking.Go(func() { say(t, near.Desk, mine) })
			speaking.Go(func() { say(t, farDesk, theirs) })
			speaking.Wait()
			var toFar, toNear measure.Match
			err := rig.Poll(t.Context(), 3*time.Second, func() error {
				toFar, toNear = measure.Find(mine, farHeard.Sound()), measure.Find(theirs, nearHeard.Sound())
				return errors.Join(atLeast(heard, toFar, "at the far end"), atLeast(heard, toNear, "at the near end"))
			})
			t.Logf("far end %.3f, near end %.3f", toFar.Peak, toNear.Peak)
			return err
		})
	})
	t.Run("the far end hears DTMF", func(t *testing.T) {
		unhurried(t, func() error {
			farHeard := recordHeard(t, farDesk)
			// Chromium's jitter buffer plays a part of each event only, and of the
			// first one too little to count.
			run(t, nearPage, `phone.pc.getSenders()[0].dtmf.insertDTMF('A159#0', 400, 150)`)
			return rig.Poll(t.Context(), 5*time.Second, func() error {
				if keys := measure.DTMF(farHeard.Sound()); strings.TrimPrefix(keys, "A") != "159#0" {
					return fmt.Errorf("the far end heard the keys %q, want 159#0", keys)
				}
				return nil
			})
		})
	})
	t.Run("mute is silence", func(t *testing.T) {
		click(t, nearPage, "#mute")
		wait(t, nearPage, `document.getElementById('mute').getAttribute('aria-pressed') === 'true'`)
		afterTail(t)
		farHeard := recordHeard(t, farDesk)
		say(t, near.Desk, speech(t).Slice(0, 3*time.Second))
		if err := quiet(farHeard.Sound(), "the muted microphone at the far end"); err != nil {
			t.Error(err)
		}
		click(t, nearPage, "#mute")
		unhurried(t, func() error {
			farHeard := recordHeard(t, farDesk)
			words := speech(t).Slice(0, 4*time.Second)
			say(t, near.Desk, words)
			return rig.Poll(t.Context(), 3*time.Second, func() error {
				return atLeast(heard, measure.Find(words, farHeard.Sound()), "after unmuting")
			})
		})
	})
	t.Run("nothing went through the browser", func(t *testing.T) {
		for _, err := range []error{
			none(connections.PeerConnections, "native peer connections"),
			none(near.Browser.UDPSockets, "UDP sockets of the browser"),
			none(near.Desk.BrowserStreams, "audio streams of the browser"),
			more(near.Desk.HostStreams, "audio streams of the native messaging host"),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("hanging up ends it on both sides", func(t *testing.T) {
		click(t, farPage, "#hangup")
		wait(t, nearPage, `document.body.dataset.state === 'ready'`)
		poll(t, 5*time.Second, func() error { return none(near.Desk.HostStreams, "audio streams after the call") })
	})
}

// TestCallToFarEnd: what leaves on the wire, seen packet by packet.
func TestCallToFarEnd(t *testing.T) {
	for _, codec := range []string{"opus", "PCMU", "PCMA"} {
		t.Run(codec, func(t *testing.T) {
			scene := redirected(t, demo.FarEndOptions{Codec: codec, Record: time.Minute, EchoDelay: -1})
			page := openPhone(t, scene.Browser, scene.Site, "")
			said := speech(t).Slice(0, 4*time.Second)
			unhurried(t, func() error {
				listening := recordHeard(t, scene.Desk)
				call := dialFarEnd(t, scene, page)
				say(t, scene.Desk, said)
				defer run(t, page, `phone.hangUp()`)
				return rig.Poll(t.Context(), 10*time.Second, func() error {
					return errors.Join(
						atLeast(heard, measure.Find(said, call.Heard().Sound), "microphone at the far end"),
						atLeast(heard, measure.Find(demo.Greeting(), listening.Sound()), "greeting at the loudspeaker"),
					)
				})
			})
		})
	}
}

// TestWire: telephone events and silence, as packets.
func TestWire(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{Record: time.Minute, EchoDelay: -1})
	page := openPhone(t, scene.Browser, scene.Site, "")
	call := dialFarEnd(t, scene, page)

	run(t, page, `(globalThis.tones = [], globalThis.dtmf = phone.pc.getSenders()[0].dtmf,
		dtmf.addEventListener('tonechange', ({ tone }) => tones.push(tone)), dtmf.insertDTMF('12AB*', 80, 50))`)
	poll(t, 5*time.Second, func() error {
		if digits := call.Heard().Digits; digits != "12AB*" {
			return fmt.Errorf("telephone events %q, want 12AB*", digits)
		}
		return nil
	})
	wait(t, page, `tones.join() === '1,2,A,B,*,'`)

	run(t, page, `phone.mute(true)`)
	afterTail(t)
	muted := time.Now()
	packets := call.Heard().Packets
	say(t, scene.Desk, speech(t).Slice(0, 3*time.Second))
	if err := quiet(call.Heard().Since(muted), "the muted microphone on the wire"); err != nil {
		t.Error(err)
	}
	if call.Heard().Packets == packets {
		t.Error("no packets while muted: silence has to be sent")
	}
}

// afterTail waits until what was said before has left every buffer.
func afterTail(t *testing.T) {
	t.Helper()
	select {
	case <-time.After(500 * time.Millisecond):
	case <-t.Context().Done():
	}
}
