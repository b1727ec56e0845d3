package deviceid

import "strings"

// directions are the beginnings of PulseAudio's and PipeWire's device names
// that tell a capture from a playout of the same hardware.
var directions = []string{"alsa_input.", "alsa_output.", "bluez_input.", "bluez_output.", "bluez_source.", "bluez_sink."}

// GroupKey names the physical device behind a capture or playout, so that the
// microphone and the speaker of one headset get one group (Media Capture and
// Streams, section "MediaDeviceInfo", groupId). The sound systems do not say
// it; their names do:
//
//	alsa_input.usb-Maker_Headset-00.mono-fallback   PulseAudio, PipeWire
//	Microphone (Maker Headset)                      Windows
//
// A device that follows neither pattern is a group of its own name.
func GroupKey(id, name string) string {
	for _, direction := range directions {
		if rest, ok := strings.CutPrefix(id, direction); ok {
			// The last part is the profile, which differs by direction.
			if end := strings.LastIndexByte(rest, '.'); end > 0 {
				rest = rest[:end]
			}
			return rest
		}
	}
	if open := strings.IndexByte(name, '('); open >= 0 && strings.HasSuffix(name, ")") {
		return name[open+1 : len(name)-1]
	}
	return name
}
