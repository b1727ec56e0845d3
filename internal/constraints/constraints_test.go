package constraints

import (
	"encoding/json"
	"testing"

	"nearend/internal/protocol"
)

var devices = []Device{
	{DeviceID: "default", GroupID: "g1"},
	{DeviceID: "headset", GroupID: "g1"},
	{DeviceID: "webcam", GroupID: "g2"},
}

func TestSelect(t *testing.T) {
	tests := map[string]struct {
		constraints string
		device      string
		// processing is echo cancellation, gain control, noise suppression.
		processing [3]bool
	}{
		"nothing wanted":          {`{}`, "default", [3]bool{true, true, true}},
		"exact device":            {`{"deviceId":{"exact":["webcam"]}}`, "webcam", [3]bool{true, true, true}},
		"ideal device":            {`{"deviceId":{"ideal":["webcam"]}}`, "webcam", [3]bool{true, true, true}},
		"one of several":          {`{"deviceId":{"exact":["gone","webcam"]}}`, "webcam", [3]bool{true, true, true}},
		"ideal device is gone":    {`{"deviceId":{"ideal":["gone"]}}`, "default", [3]bool{true, true, true}},
		"group":                   {`{"groupId":{"exact":["g2"]}}`, "webcam", [3]bool{true, true, true}},
		"processing off":          {`{"echoCancellation":{"exact":false},"noiseSuppression":{"ideal":false}}`, "default", [3]bool{false, true, false}},
		"exact wins over ideal":   {`{"autoGainControl":{"exact":true,"ideal":false}}`, "default", [3]bool{true, true, true}},
		"ideals that cannot be":   {`{"sampleRate":{"ideal":16000},"channelCount":{"ideal":2},"latency":{"ideal":0}}`, "default", [3]bool{true, true, true}},
		"ranges that hold":        {`{"sampleRate":{"min":8000,"max":96000},"channelCount":{"exact":1},"sampleSize":{"min":16}}`, "default", [3]bool{true, true, true}},
		"advanced that can be":    {`{"advanced":[{"echoCancellation":{"exact":false}}]}`, "default", [3]bool{false, true, true}},
		"advanced that cannot be": {`{"advanced":[{"deviceId":{"exact":["gone"]}},{"deviceId":{"exact":["webcam"]}}]}`, "webcam", [3]bool{true, true, true}},
		"earlier advanced wins":   {`{"advanced":[{"deviceId":{"exact":["headset"]}},{"deviceId":{"exact":["webcam"]}}]}`, "headset", [3]bool{true, true, true}},
		"ideal in advanced":       {`{"advanced":[{"deviceId":{"ideal":["webcam"]}}]}`, "default", [3]bool{true, true, true}},
		"advanced yields to basic": {
			`{"deviceId":{"exact":["headset"]},"advanced":[{"deviceId":{"exact":["webcam"]}}]}`, "headset", [3]bool{true, true, true},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			index, settings, failure := Select(devices, parse(t, test.constraints))
			if failure != nil {
				t.Fatal(failure)
			}
			if devices[index].DeviceID != test.device || settings.DeviceID != test.device || settings.GroupID != devices[index].GroupID {
				t.Errorf("chose %s with settings of %s, want %s", devices[index].DeviceID, settings.DeviceID, test.device)
			}
			if got := [3]bool{settings.EchoCancellation, settings.AutoGainControl, settings.NoiseSuppression}; got != test.processing {
				t.Errorf("processing %v, want %v", got, test.processing)
			}
		})
	}
}

func TestOverconstrained(t *testing.T) {
	tests := map[string]string{
		`{"deviceId":{"exact":["gone"]}}`:                              "deviceId",
		`{"groupId":{"exact":["gone"]}}`:                               "groupId",
		`{"sampleRate":{"exact":44100}}`:                               "sampleRate",
		`{"sampleRate":{"max":16000}}`:                                 "sampleRate",
		`{"channelCount":{"min":2}}`:                                   "channelCount",
		`{"sampleSize":{"exact":24}}`:                                  "sampleSize",
		`{"latency":{"max":0.001}}`:                                    "latency",
		`{"deviceId":{"exact":["webcam"]},"groupId":{"exact":["g1"]}}`: "",
	}
	for constraints, want := range tests {
		_, _, failure := Select(devices, parse(t, constraints))
		if failure == nil || failure.Name != protocol.OverconstrainedError || failure.Constraint != want {
			t.Errorf("%s: %+v, want constraint %q", constraints, failure, want)
		}
	}
}

func TestNoDevice(t *testing.T) {
	if _, _, failure := Select(nil, protocol.AudioConstraints{}); failure == nil || failure.Name != protocol.NotFoundError {
		t.Fatalf("got %v", failure)
	}
}

func TestSettingsAreWithinCapabilities(t *testing.T) {
	_, settings, failure := Select(devices, protocol.AudioConstraints{})
	if failure != nil {
		t.Fatal(failure)
	}
	capabilities := Capabilities(devices[0])
	for name, pair := range map[string]struct {
		value   float64
		allowed protocol.Range
	}{
		"sampleRate":   {float64(settings.SampleRate), capabilities.SampleRate},
		"sampleSize":   {float64(settings.SampleSize), capabilities.SampleSize},
		"channelCount": {float64(settings.ChannelCount), capabilities.ChannelCount},
		"latency":      {settings.Latency, capabilities.Latency},
	} {
		if pair.value < pair.allowed.Min || pair.value > pair.allowed.Max || pair.value == 0 {
			t.Errorf("%s is %v, allowed are %v", name, pair.value, pair.allowed)
		}
	}
	if capabilities.DeviceID != settings.DeviceID || capabilities.GroupID != settings.GroupID {
		t.Error("capabilities name another device")
	}
}

func parse(t *testing.T, constraints string) protocol.AudioConstraints {
	t.Helper()
	var parsed protocol.AudioConstraints
	if err := json.Unmarshal([]byte(constraints), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}
