package endpoint

import (
	"slices"

	"nearend/internal/audio"
	"nearend/internal/constraints"
	"nearend/internal/deviceid"
	"nearend/internal/protocol"
)

// defaultID is the device id that stands for the system's default device,
// whichever that is, as Chromium has it.
const defaultID = "default"

// listed is a device as a page sees it.
type listed struct {
	protocol.DeviceInfo
	// backend is the id for the sound system; empty follows the default.
	backend string
}

// list translates devices for the document's origin: inputs first, and the
// default first of its kind, there twice as Chromium has it.
func (d *document) list(devices []audio.Device) []listed {
	var all []listed
	for _, kind := range []audio.Kind{audio.Input, audio.Output} {
		var ofKind []listed
		preferred := -1
		for _, device := range devices {
			if device.Kind != kind {
				continue
			}
			if device.Default && preferred < 0 {
				preferred = len(ofKind)
			}
			ofKind = append(ofKind, d.translate(device))
		}
		if len(ofKind) == 0 {
			continue
		}
		standard := ofKind[max(preferred, 0)]
		standard.DeviceID, standard.backend = defaultID, ""
		standard.Label = "Default - " + standard.Label
		all = append(append(all, standard), ofKind...)
	}
	return all
}

func (d *document) translate(device audio.Device) listed {
	kind := "audioinput"
	if device.Kind == audio.Output {
		kind = "audiooutput"
	}
	salter := d.attachment.endpoint.config.Salter
	return listed{
		DeviceInfo: protocol.DeviceInfo{
			DeviceID: salter.Device(d.origin, kind, device.ID),
			GroupID:  salter.Group(d.origin, deviceid.GroupKey(device.ID, device.Name)),
			Kind:     kind,
			Label:    device.Name,
		},
		backend: device.ID,
	}
}

// devices lists what is there now, for this document.
func (d *document) devices() ([]listed, *protocol.Error) {
	devices, err := d.attachment.endpoint.config.System.Devices()
	if err != nil {
		d.attachment.endpoint.config.Log.Error().Err(err).Msg("cannot list audio devices")
		return nil, protocol.NewError(protocol.NotReadableError, "the endpoint cannot list its audio devices")
	}
	return d.list(devices), nil
}

// enumerate does devices.enumerate.
func (d *document) enumerate(*struct{}) (func() (any, *protocol.Error), *protocol.Error) {
	return func() (any, *protocol.Error) {
		all, failure := d.devices()
		if failure != nil {
			return nil, failure
		}
		shown := infos(all)
		d.mu.Lock()
		d.shown = shown
		d.mu.Unlock()
		return protocol.DevicesEnumerateResult{Devices: shown}, nil
	}, nil
}

// devicesChanged tells the page, if it has asked for any and would see something
// else now.
func (d *document) devicesChanged(devices []audio.Device) {
	shown := infos(d.list(devices))
	d.mu.Lock()
	tell := d.shown != nil && !slices.Equal(d.shown, shown)
	if tell {
		d.shown = shown
	}
	d.mu.Unlock()
	if tell {
		d.notify(protocol.DevicesChanged, protocol.DevicesChangedEvent{Devices: shown})
	}
}

// infos is what of the devices the page sees. It is never nil.
func infos(all []listed) []protocol.DeviceInfo {
	shown := make([]protocol.DeviceInfo, 0, len(all))
	for _, one := range all {
		shown = append(shown, one.DeviceInfo)
	}
	return shown
}

// ofKind keeps the devices of one kind.
func ofKind(all []listed, kind string) []listed {
	var kept []listed
	for _, one := range all {
		if one.Kind == kind {
			kept = append(kept, one)
		}
	}
	return kept
}

func (l listed) constrained() constraints.Device {
	return constraints.Device{DeviceID: l.DeviceID, GroupID: l.GroupID}
}
