package miniaudio

import (
	"testing"

	"nearend/internal/audio"
)

func TestArrange(t *testing.T) {
	input := func(id string, isDefault bool) entry {
		return entry{Device: audio.Device{ID: id, Kind: audio.Input}, isDefault: isDefault}
	}
	output := func(id string, isDefault bool) entry {
		return entry{Device: audio.Device{ID: id, Kind: audio.Output}, isDefault: isDefault}
	}
	pulse, alsa := backends[0], backends[1]
	list := pulse.arrange([]entry{output("spk", false), output("hdmi", true), input("spk.monitor", true), input("mic", false), input("usb", false)})
	want := []audio.Device{
		{ID: "spk", Kind: audio.Output},
		{ID: "hdmi", Kind: audio.Output, Default: true},
		{ID: "mic", Kind: audio.Input, Default: true},
		{ID: "usb", Kind: audio.Input},
	}
	if len(list) != len(want) {
		t.Fatalf("%d devices, want %d", len(list), len(want))
	}
	for i, e := range list {
		if e.Device != want[i] {
			t.Errorf("device %d is %+v, want %+v", i, e.Device, want[i])
		}
	}
	if list := alsa.arrange([]entry{output("null", false), output("pulse", true), input(":0,0", false)}); len(list) != 1 || !list[0].Default {
		t.Errorf("ALSA's plug-ins are listed: %+v", list)
	}
}

func TestDeviceIDs(t *testing.T) {
	wide := append([]byte{'{', 0, '0', 0, 0xe4, 0, 0, 0}, 'x', 0)
	if id := wideID(wide); id != "{0ä" {
		t.Errorf("wide id %q", id)
	}
	if id := textID([]byte("alsa_input.usb\x00rest")); id != "alsa_input.usb" {
		t.Errorf("text id %q", id)
	}
}
