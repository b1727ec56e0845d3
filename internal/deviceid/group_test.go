package deviceid

import "testing"

func TestGroupKey(t *testing.T) {
	same := [][2][2]string{
		{{"alsa_input.usb-Maker_Headset-00.mono-fallback", "Headset Mono"}, {"alsa_output.usb-Maker_Headset-00.analog-stereo", "Headset Stereo"}},
		{{"{0.0.1.0}.{1}", "Microphone (Maker Headset)"}, {"{0.0.0.0}.{2}", "Speakers (Maker Headset)"}},
	}
	for _, pair := range same {
		if a, b := GroupKey(pair[0][0], pair[0][1]), GroupKey(pair[1][0], pair[1][1]); a != b || a == "" {
			t.Errorf("%v are in groups %q and %q", pair, a, b)
		}
	}
	different := [][2]string{
		{"alsa_input.pci-0000_00_1f.3.analog-stereo", "Built-in Audio"},
		{"alsa_input.usb-Maker_Headset-00.mono-fallback", "Headset Mono"},
		{"{1}", "Microphone (Maker Headset)"}, {"{2}", "Microphone (Webcam)"}, {"x", "Desk phone"}, {"y", "()"},
	}
	seen := make(map[string]bool)
	for _, device := range different {
		key := GroupKey(device[0], device[1])
		if seen[key] {
			t.Errorf("%v shares the group %q", device, key)
		}
		seen[key] = true
	}
}
