package miniaudio

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"github.com/gen2brain/malgo"

	"nearend/internal/audio"
)

// backend is one way to the system's sound.
type backend struct {
	name    string
	code    malgo.Backend
	systems []string
	// id decodes the backend's own device id.
	id func(raw []byte) string
	// real tells microphones and loudspeakers from what else the backend lists;
	// nil means that it lists nothing else.
	real func(audio.Device) bool
	// follows says that the sound server itself moves a stream that was opened
	// without a device id when the default device goes or changes. Elsewhere such
	// a stream stays where it is until that device goes.
	follows bool
}

// backends are all that we know, in order of preference. malgo names constants
// of the others; the null backend's number is that of its MA_BACKEND list.
var backends = []*backend{
	{name: "pulseaudio", code: 7, systems: []string{"linux", "freebsd"}, id: textID, real: notMonitor, follows: true},
	{name: "alsa", code: 8, systems: []string{"linux"}, id: textID, real: hardware},
	{name: "wasapi", code: 0, systems: []string{"windows"}, id: wideID},
	{name: "coreaudio", code: 3, systems: []string{"darwin"}, id: textID},
	{name: "null", code: 14, id: numberID},
}

// textID is a string that ends at the first zero.
func textID(raw []byte) string {
	text, _, _ := bytes.Cut(raw, []byte{0})
	return string(text)
}

// wideID is a string in UTF-16LE that ends at the first zero.
func wideID(raw []byte) string {
	var wide []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		unit := binary.LittleEndian.Uint16(raw[i:])
		if unit == 0 {
			break
		}
		wide = append(wide, unit)
	}
	return string(utf16.Decode(wide))
}

// numberID is for the null backend, which has one device of each kind.
func numberID([]byte) string { return "null" }

// notMonitor tells microphones from what PulseAudio offers for recording a
// loudspeaker. Browsers hide those too.
func notMonitor(d audio.Device) bool {
	return d.Kind == audio.Output || !strings.HasSuffix(d.ID, ".monitor")
}

// hardware tells ALSA's cards, which miniaudio names ":card,device", from its
// plug-ins, one of which swallows everything.
func hardware(d audio.Device) bool { return strings.HasPrefix(d.ID, ":") }

// entry is a listed device and the id to open it by.
type entry struct {
	audio.Device
	raw malgo.DeviceID
	// isDefault is the backend's own word; Device.Default may fall to another
	// device when the backend's default is hidden.
	isDefault bool
}

// arrange drops what is not real and sees to it that each kind that has a
// device has a default.
func (b *backend) arrange(all []entry) []entry {
	var list []entry
	for _, e := range all {
		if b.real == nil || b.real(e.Device) {
			e.Default = e.isDefault
			list = append(list, e)
		}
	}
	for _, kind := range []audio.Kind{audio.Input, audio.Output} {
		first := -1
		for i, e := range list {
			if e.Kind != kind {
				continue
			}
			if e.Default {
				first = -1
				break
			}
			if first < 0 {
				first = i
			}
		}
		if first >= 0 {
			list[first].Default = true
		}
	}
	return list
}
