package endpoint

import (
	"errors"

	"nearend/internal/audio"
	"nearend/internal/constraints"
	"nearend/internal/media"
	"nearend/internal/protocol"
)

// track is a captured track, a clone of one or what is mixed of them. It is guarded by its document's
// lock.
type track struct {
	device   listed
	settings protocol.TrackSettings
	// open is false until the capture has started.
	open bool
	// mixed says that it is made of others and captures nothing itself.
	mixed bool
}

// getUserMedia does devices.getUserMedia. Opening a device takes long, so all
// but the reservation of the id happens beside the document's other requests.
func (d *document) getUserMedia(params *protocol.GetUserMediaParams) (func() (any, *protocol.Error), *protocol.Error) {
	if failure := d.reserve(params.Track); failure != nil {
		return nil, failure
	}
	return func() (any, *protocol.Error) {
		result, failure := d.capture(params)
		if failure != nil {
			d.forget(params.Track)
			return nil, failure
		}
		d.changed()
		return result, nil
	}, nil
}

// reserve takes the id of a track to come.
func (d *document) reserve(id string) *protocol.Error {
	if failure := checkMinted("track", id); failure != nil {
		return failure
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tracks[id] != nil {
		return protocol.NewError(protocol.InvalidStateError, "there is a track of that id")
	}
	if len(d.tracks) >= protocol.MaxTracks {
		return protocol.NewError(protocol.QuotaExceededError, "too many tracks are live")
	}
	d.tracks[id] = &track{}
	return nil
}

func (d *document) forget(id string) {
	d.mu.Lock()
	delete(d.tracks, id)
	d.mu.Unlock()
	d.changed()
}

// capture opens the device that meets the constraints best.
func (d *document) capture(params *protocol.GetUserMediaParams) (any, *protocol.Error) {
	all, failure := d.devices()
	if failure != nil {
		return nil, failure
	}
	d.mu.Lock()
	if d.shown == nil {
		d.shown = infos(all)
	}
	d.mu.Unlock()
	inputs := ofKind(all, "audioinput")
	choices := make([]constraints.Device, len(inputs))
	for i, input := range inputs {
		choices[i] = input.constrained()
	}
	index, settings, failure := constraints.Select(choices, params.Audio)
	if failure != nil {
		return nil, failure
	}
	device := inputs[index]
	if err := d.media.OpenCapture(params.Track, captureOptions(device, settings)); err != nil {
		return nil, d.mediaError("cannot open the microphone", err)
	}
	d.mu.Lock()
	if t := d.tracks[params.Track]; t != nil {
		*t = track{device: device, settings: settings, open: true}
	}
	d.mu.Unlock()
	return protocol.GetUserMediaResult{
		Label:        device.Label,
		Settings:     settings,
		Capabilities: constraints.Capabilities(device.constrained()),
	}, nil
}

func captureOptions(device listed, settings protocol.TrackSettings) media.CaptureOptions {
	return media.CaptureOptions{
		Device:           device.backend,
		EchoCancellation: settings.EchoCancellation,
		NoiseSuppression: settings.NoiseSuppression,
		AutoGainControl:  settings.AutoGainControl,
	}
}

// trackChanged implements media.Events.
func (d *document) trackChanged(id string, muted, ended bool, device audio.Device) {
	event := protocol.TrackChangedEvent{Track: id, Muted: muted, Ended: ended}
	d.mu.Lock()
	t := d.tracks[id]
	switch {
	case t == nil:
		d.mu.Unlock()
		return
	case ended:
		delete(d.tracks, id)
	case device.ID != "":
		t.move(d.translate(device))
		event.Label = t.device.Label
		settings := t.settings
		event.Settings = &settings
	}
	d.mu.Unlock()
	d.notify(protocol.TrackChanged, event)
	if ended {
		d.changed()
	}
}

// move notes that a track's audio comes from another device now. One that
// follows the default still does.
func (t *track) move(device listed) {
	if t.device.DeviceID == defaultID {
		device.DeviceID, device.backend = defaultID, ""
		device.Label = "Default - " + device.Label
	}
	t.device = device
	t.settings.DeviceID, t.settings.GroupID = device.DeviceID, device.GroupID
}

// mediaError tells a page why the media engine refused something.
func (d *document) mediaError(what string, err error) *protocol.Error {
	d.attachment.endpoint.config.Log.Warn().Err(err).Msg(what)
	name := protocol.OperationError
	switch {
	case errors.Is(err, media.ErrNoTrack):
		name = protocol.InvalidStateError
	case errors.Is(err, media.ErrNotFound):
		name = protocol.NotFoundError
	case errors.Is(err, media.ErrNotReadable):
		name = protocol.NotReadableError
	}
	return protocol.NewError(name, what+": "+err.Error())
}
