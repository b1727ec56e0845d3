package e2e_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

// TestNativeHostKilled: the page learns of it as of a failed connection, the
// popup says it, and the next call works without a reload.
func TestNativeHostKilled(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{Record: time.Minute, EchoDelay: -1})
	page := openPhone(t, scene.Browser, scene.Site, "")
	popup, _ := openPopup(t, scene.Browser, scene.Site.URL())
	dialFarEnd(t, scene, page)

	run(t, page, `(() => {
		const { pc, microphone } = phone;
		// The page's own handler closes everything, so it waits its turn.
		globalThis.handler = pc.onconnectionstatechange;
		pc.onconnectionstatechange = null;
		globalThis.seen = [];
		globalThis.old = pc;
		pc.addEventListener('iceconnectionstatechange', () => seen.push('ice ' + pc.iceConnectionState));
		pc.addEventListener('connectionstatechange', () => seen.push('connection ' + pc.connectionState));
		microphone.getAudioTracks()[0].addEventListener('ended', () => seen.push('microphone ended'));
	})()`)
	hosts, err := scene.Browser.NativeHosts()
	if err != nil || len(hosts) != 1 {
		t.Fatalf("%d native messaging hosts, want 1 (%v)", len(hosts), err)
	}
	if err := syscall.Kill(hosts[0].PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}

	wait(t, page, `['ice failed', 'connection failed', 'microphone ended'].every((what) => seen.includes(what))`)
	if order := eval[string](t, page, `seen.filter((what) => !what.startsWith('microphone')).join()`); order != "ice failed,connection failed" {
		t.Errorf("events %s, want ice failed, then connection failed", order)
	}
	if got := eval[string](t, page, `old.createOffer().then(() => 'an offer', (e) => e.name)`); got != "OperationError" {
		t.Errorf("createOffer on the failed peer connection gives %s, want OperationError", got)
	}
	run(t, page, `handler()`)
	wait(t, page, `document.getElementById('status').textContent === 'The connection failed.'`)
	if got := eval[string](t, page, `old.connectionState`); got != "closed" {
		t.Errorf("the page closed the peer connection, which says %q", got)
	}
	wait(t, popup, `/native messaging host/.test(document.body.textContent)`)
	screenshot(t, popup, "popup-host-ended")

	said := speech(t).Slice(0, 4*time.Second)
	unhurried(t, func() error {
		listening := recordHeard(t, scene.Desk)
		call := dialFarEnd(t, scene, page)
		defer run(t, page, `phone.hangUp()`)
		say(t, scene.Desk, said)
		return rig.Poll(t.Context(), 10*time.Second, func() error {
			return errors.Join(
				atLeast(heard, measure.Find(said, call.Heard().Sound), "microphone at the far end, in the call after"),
				atLeast(heard, measure.Find(demo.Greeting(), listening.Sound()), "greeting at the loudspeaker, in the call after"),
			)
		})
	})
	if hosts, err := scene.Browser.NativeHosts(); err != nil || len(hosts) != 1 {
		t.Errorf("%d native messaging hosts after the new call, want 1 (%v)", len(hosts), err)
	}
}

// TestNativeHostLeaves: when the browser goes, nothing of ours stays.
func TestNativeHostLeaves(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	page := openPhone(t, scene.Browser, scene.Site, "")
	dialFarEnd(t, scene, page)
	hosts, err := scene.Browser.NativeHosts()
	if err != nil || len(hosts) != 1 {
		t.Fatalf("%d native messaging hosts, want 1 (%v)", len(hosts), err)
	}
	browser := hosts[0].Parent
	if err := syscall.Kill(browser, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	poll(t, 10*time.Second, func() error {
		if err := syscall.Kill(hosts[0].PID, 0); !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("the native messaging host is still there (%v)", err)
		}
		return nil
	})
}
