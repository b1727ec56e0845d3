package e2e_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
)

// TestSentGraph: what a page lets of its microphone into the stream of a Web
// Audio graph is what the far end hears, with the graph's gain.
func TestSentGraph(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{Record: 2 * time.Minute, EchoDelay: -1})
	page := openPhone(t, scene.Browser, scene.Site, "&meters=off")
	call := dialFarEnd(t, scene, page)
	run(t, page, `(async () => {
		const context = new AudioContext();
		await context.resume();
		const [sender] = phone.pc.getSenders();
		const source = context.createMediaStreamSource(new MediaStream([sender.track]));
		globalThis.gain = context.createGain();
		const destination = context.createMediaStreamDestination();
		[globalThis.sent] = destination.stream.getAudioTracks();
		await sender.replaceTrack(sent);
		source.connect(gain).connect(context.createAnalyser()).connect(destination);
	})()`)
	words := speech(t).Slice(0, 3*time.Second)
	// level says the words and returns how loud they arrived.
	level := func(least float64) (decibels float64, err error) {
		afterTail(t)
		start := call.Heard().Sound.Duration()
		say(t, scene.Desk, words)
		afterTail(t)
		sound := call.Heard().Sound
		sound = sound.Slice(start, sound.Duration())
		if least > 0 {
			err = atLeast(least, measure.Find(words, sound), "the graph's stream at the far end")
		} else {
			err = quiet(sound, "the muted stream at the far end")
		}
		return measure.Decibels(sound.RMS()), err
	}
	unhurried(t, func() error {
		run(t, page, `gain.gain.value = 1`)
		loud, first := level(heard)
		run(t, page, `gain.gain.linearRampToValueAtTime(0.25, gain.context.currentTime + 0.2)`)
		soft, second := level(heard)
		t.Logf("%.1f dB, with a gain of a quarter %.1f dB", loud, soft)
		if fall := loud - soft; math.Abs(fall-12) > 1.5 {
			return errors.Join(first, second, fmt.Errorf("a gain of a quarter took %.1f dB, want 12", fall))
		}
		return errors.Join(first, second)
	})
	run(t, page, `sent.enabled = false`)
	if _, err := level(0); err != nil {
		t.Error(err)
	}
}
