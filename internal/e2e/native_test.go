package e2e_test

import (
	"errors"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

// TestNativeControl makes the same call in a plain browser. It shows that the
// page needs nothing of ours, and that the counters on which the other tests
// rely do count.
func TestNativeControl(t *testing.T) {
	scene := newScene(t, rig.SceneOptions{FarEnd: demo.FarEndOptions{Record: time.Minute, EchoDelay: -1}})
	connections := internals(t, scene.Browser)
	page := openPhone(t, scene.Browser, scene.Site, "")
	said := speech(t)
	unhurried(t, func() error {
		listening := recordHeard(t, scene.Desk)
		call := dialFarEnd(t, scene, page)
		say(t, scene.Desk, said)
		defer run(t, page, `phone.hangUp()`)
		return errors.Join(
			atLeast(heard, measure.Find(said, call.Heard().Sound), "microphone at the far end"),
			atLeast(heard, measure.Find(demo.Greeting(), listening.Sound()), "greeting at the loudspeaker"),
			more(scene.Browser.UDPSockets, "UDP sockets"),
			more(scene.Desk.BrowserStreams, "audio streams"),
		)
	})
	poll(t, 5*time.Second, func() error { return more(connections.PeerConnections, "native peer connections") })
	poll(t, 5*time.Second, func() error {
		return more(func() (int, error) {
			bytes, err := connections.MediaBytes()
			return int(bytes), err
		}, "bytes of media")
	})
}
