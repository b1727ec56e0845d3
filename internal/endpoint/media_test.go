package endpoint_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"nearend/internal/protocol"
)

func TestEnumerate(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		devices := succeed[protocol.DevicesEnumerateResult](h, "1", protocol.DevicesEnumerate, `{}`).Devices
		var seen []string
		for _, device := range devices {
			seen = append(seen, device.Kind+" "+device.Label)
		}
		want := []string{
			"audioinput Default - Microphone (Headset)", "audioinput Microphone (Headset)", "audioinput Microphone (Webcam)",
			"audiooutput Default - Speakers (Headset)", "audiooutput Speakers (Headset)", "audiooutput Speakers (Desk)",
		}
		if !slices.Equal(seen, want) {
			t.Fatalf("got %q", seen)
		}
		if devices[0].DeviceID != "default" || devices[3].DeviceID != "default" || len(devices[1].DeviceID) != 64 {
			t.Errorf("ids %q, %q, %q", devices[0].DeviceID, devices[3].DeviceID, devices[1].DeviceID)
		}
		if devices[0].GroupID != devices[4].GroupID || devices[1].GroupID != devices[4].GroupID {
			t.Error("the headset is in two groups")
		}
		if devices[1].GroupID == devices[2].GroupID {
			t.Error("headset and webcam are in one group")
		}
	})
}

func TestDeviceIDsDifferByOrigin(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		h.announce("2", "https://phone.example")
		h.announce("3", "https://other.example")
		var ids []string
		for _, document := range []string{"1", "2", "3"} {
			devices := succeed[protocol.DevicesEnumerateResult](h, document, protocol.DevicesEnumerate, `{}`).Devices
			ids = append(ids, devices[1].DeviceID)
		}
		if ids[0] != ids[1] || ids[0] == ids[2] {
			t.Fatalf("ids %q", ids)
		}
	})
}

func TestGetUserMedia(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		webcam := succeed[protocol.DevicesEnumerateResult](h, "1", protocol.DevicesEnumerate, `{}`).Devices[2]
		result := succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia,
			fmt.Sprintf(`{"track":"a","audio":{"deviceId":{"exact":[%q]},"noiseSuppression":{"exact":false}}}`, webcam.DeviceID))
		if result.Label != webcam.Label || result.Settings.DeviceID != webcam.DeviceID || result.Settings.GroupID != webcam.GroupID ||
			result.Settings.NoiseSuppression || !result.Settings.EchoCancellation {
			t.Errorf("got %+v", result)
		}
		if status := event[protocol.DocumentStatusEvent](h, protocol.DocumentStatus); !status.Capturing || status.Document != "1" {
			t.Errorf("status %+v", status)
		}
		d.expectOpen(t, 1)
		succeed[struct{}](h, "1", protocol.TrackClone, `{"track":"a","clone":"b"}`)
		succeed[struct{}](h, "1", protocol.TrackSetEnabled, `{"track":"b","enabled":false}`)
		succeed[struct{}](h, "1", protocol.TrackStop, `{"track":"a"}`)
		settings := succeed[protocol.TrackSettings](h, "1", protocol.TrackApplyConstraints,
			`{"track":"b","audio":{"echoCancellation":{"exact":false}}}`)
		if settings.EchoCancellation || settings.DeviceID != webcam.DeviceID {
			t.Errorf("settings of the clone %+v", settings)
		}
		d.expectOpen(t, 1)
		succeed[struct{}](h, "1", protocol.TrackStop, `{"track":"b"}`)
		if status := event[protocol.DocumentStatusEvent](h, protocol.DocumentStatus); status.Capturing {
			t.Errorf("status %+v", status)
		}
		d.expectOpen(t, 0)
	})
}

func TestGetUserMediaFails(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		h.fail("1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`, protocol.NotFoundError)
		d.plug()
		failure := h.fail("1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{"deviceId":{"exact":["gone"]}}}`, protocol.OverconstrainedError)
		if failure.Constraint != "deviceId" {
			t.Errorf("constraint %q", failure.Constraint)
		}
		d.system.FailOpen(errors.New("busy"))
		h.fail("1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`, protocol.NotReadableError)
		d.system.FailOpen(nil)
		// An id whose request failed is free again; one in use is not.
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`)
		h.fail("1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`, protocol.InvalidStateError)
	})
}

func TestTracksThatAreNotThere(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		h.fail("1", protocol.TrackClone, `{"track":"x","clone":"y"}`, protocol.InvalidStateError)
		h.fail("1", protocol.TrackSetEnabled, `{"track":"x","enabled":true}`, protocol.InvalidStateError)
		h.fail("1", protocol.TrackApplyConstraints, `{"track":"x","audio":{}}`, protocol.InvalidStateError)
	})
}

func TestMix(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`)
		succeed[struct{}](h, "1", protocol.TrackMix, `{"track":"x","inputs":[]}`)
		succeed[struct{}](h, "1", protocol.TrackMix, `{"track":"x","inputs":[{"track":"a","gain":0.5},{"track":"rx:p1:t1","gain":16}]}`)
		succeed[struct{}](h, "1", protocol.TrackSetEnabled, `{"track":"x","enabled":false}`)
		h.fail("1", protocol.TrackMix, `{"track":"a","inputs":[]}`, protocol.InvalidStateError)
		h.fail("1", protocol.TrackMix, `{"track":"y","inputs":[{"track":"a","gain":16.5}]}`, protocol.RangeError)
		h.fail("1", protocol.TrackMix, `{"track":"y","inputs":[{"track":"a","gain":-1}]}`, protocol.RangeError)
		h.fail("1", protocol.TrackMix, `{"track":"y","inputs":[{"track":"","gain":1}]}`, protocol.TypeError)
		h.fail("1", protocol.TrackMix, `{"track":"rx:p1:t2","inputs":[]}`, protocol.TypeError)
		h.fail("1", protocol.DevicesGetUserMedia, `{"track":"x","audio":{}}`, protocol.InvalidStateError)
		h.fail("1", protocol.TrackApplyConstraints, `{"track":"x","audio":{}}`, protocol.InvalidStateError)
		// It captures nothing by itself.
		succeed[struct{}](h, "1", protocol.TrackStop, `{"track":"a"}`)
		d.expectOpen(t, 0)
		succeed[struct{}](h, "1", protocol.TrackStop, `{"track":"x"}`)
		h.fail("1", protocol.TrackMix, `{"track":"x","inputs":[]}`, protocol.OperationError)
	})
}

func TestIDsThatAPageMayNotMint(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		for _, id := range []string{"", "e:1", "rx:p1:t1", "a b", "ü", strings.Repeat("x", protocol.MaxID+1)} {
			h.fail("1", protocol.DevicesGetUserMedia, fmt.Sprintf(`{"track":%q,"audio":{}}`, id), protocol.TypeError)
			h.fail("1", protocol.PlayerUpdate, fmt.Sprintf(`{"player":%q,"tracks":[],"playing":true,"muted":false,"volume":1}`, id), protocol.TypeError)
		}
	})
}

func TestPlayers(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		devices := succeed[protocol.DevicesEnumerateResult](h, "1", protocol.DevicesEnumerate, `{}`).Devices
		player := func(sink string, volume float64) string {
			return fmt.Sprintf(`{"player":"e1","tracks":[],"playing":true,"muted":false,"volume":%v,"sinkId":%q}`, volume, sink)
		}
		for _, sink := range []string{"", "default", devices[5].DeviceID} {
			succeed[struct{}](h, "1", protocol.PlayerUpdate, player(sink, 0.5))
		}
		h.fail("1", protocol.PlayerUpdate, player("gone", 1), protocol.NotFoundError)
		h.fail("1", protocol.PlayerUpdate, player(devices[1].DeviceID, 1), protocol.NotFoundError)
		h.fail("1", protocol.PlayerUpdate, player("", 1.5), protocol.RangeError)
		succeed[struct{}](h, "1", protocol.PlayerClose, `{"player":"e1"}`)
		succeed[struct{}](h, "1", protocol.PlayerClose, `{"player":"e1"}`)
	})
}

func TestDeviceChangesAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		h.announce("2", "https://phone.example")
		succeed[protocol.DevicesEnumerateResult](h, "1", protocol.DevicesEnumerate, `{}`)
		d.system.Unplug("in-webcam")
		message := h.await(func(m *protocol.Message) bool { return m.Method == protocol.DevicesChanged })
		if message.Doc != "1" {
			t.Errorf("document %q, which has not looked, was told", message.Doc)
		}
		if devices := parse[protocol.DevicesChangedEvent](t, message.Params).Devices; len(devices) != 5 {
			t.Errorf("told %d devices", len(devices))
		}
	})
}

func TestLostMicrophoneIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`)
		d.system.Unplug("in-headset")
		for {
			changed := event[protocol.TrackChangedEvent](h, protocol.TrackChanged)
			if changed.Track != "a" || changed.Ended {
				t.Fatalf("got %+v", changed)
			}
			if changed.Settings == nil {
				continue
			}
			if changed.Settings.DeviceID != "default" || changed.Label != "Default - Microphone (Webcam)" {
				t.Errorf("went on with %+v", changed)
			}
			return
		}
	})
}

func TestEndOfTheLinkClosesTheMicrophone(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`)
		h.way.Close()
		<-h.done
		d.expectOpen(t, 0)
	})
}

func TestEndOfADocumentClosesTheMicrophone(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		d.plug()
		h := d.open(t)
		succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, `{"track":"a","audio":{}}`)
		h.send(`{"method":"document.close","params":{"document":"1"}}`)
		d.expectOpen(t, 0)
		last := protocol.DocumentStatusEvent{Capturing: true}
		for last.Capturing {
			last = event[protocol.DocumentStatusEvent](h, protocol.DocumentStatus)
		}
	})
}

// expectOpen waits for everything to come to rest and counts the microphones
// in use.
func (d *desk) expectOpen(t *testing.T, want int) {
	t.Helper()
	synctest.Wait()
	if captures, _ := d.system.Open(); captures != want {
		t.Fatalf("%d microphones are open, want %d", captures, want)
	}
}
