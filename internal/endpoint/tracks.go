package endpoint

import (
	"nearend/internal/constraints"
	"nearend/internal/media"
	"nearend/internal/protocol"
)

// cloneTrack does track.clone.
func (d *document) cloneTrack(params *protocol.TrackCloneParams) (any, *protocol.Error) {
	if failure := d.reserve(params.Clone); failure != nil {
		return nil, failure
	}
	if err := d.media.CloneTrack(params.Track, params.Clone); err != nil {
		d.forget(params.Clone)
		return nil, d.mediaError("cannot clone the track", err)
	}
	d.mu.Lock()
	original, clone := d.tracks[params.Track], d.tracks[params.Clone]
	// The clone of a receiver's track has no device and captures nothing.
	if clone != nil && original != nil {
		*clone = *original
	}
	d.mu.Unlock()
	d.changed()
	return nil, nil
}

// setEnabled does track.setEnabled.
func (d *document) setEnabled(params *protocol.TrackSetEnabledParams) (any, *protocol.Error) {
	if err := d.media.SetEnabled(params.Track, params.Enabled); err != nil {
		return nil, d.mediaError("cannot enable or disable the track", err)
	}
	return nil, nil
}

// mix does track.mix.
func (d *document) mix(params *protocol.TrackMixParams) (any, *protocol.Error) {
	inputs := make([]media.Input, len(params.Inputs))
	for i, input := range params.Inputs {
		if input.Gain < 0 || input.Gain > protocol.MaxGain {
			return nil, protocol.NewError(protocol.RangeError, "gain is out of range")
		}
		inputs[i] = media.Input{Track: input.Track, Gain: input.Gain}
	}
	d.mu.Lock()
	t := d.tracks[params.Track]
	known := t != nil && t.mixed
	d.mu.Unlock()
	if !known {
		if failure := d.reserve(params.Track); failure != nil {
			return nil, failure
		}
	}
	if err := d.media.Mix(params.Track, inputs); err != nil {
		if !known {
			d.forget(params.Track)
		}
		return nil, d.mediaError("cannot mix the track", err)
	}
	d.mu.Lock()
	if t := d.tracks[params.Track]; t != nil {
		t.mixed = true
	}
	d.mu.Unlock()
	return nil, nil
}

// stopTrack does track.stop.
func (d *document) stopTrack(params *protocol.TrackStopParams) (any, *protocol.Error) {
	if err := d.media.StopTrack(params.Track); err != nil {
		return nil, d.mediaError("cannot stop the track", err)
	}
	d.forget(params.Track)
	return nil, nil
}

// applyConstraints does track.applyConstraints. The device of a track cannot
// change, so it is the only one to choose from.
func (d *document) applyConstraints(params *protocol.TrackApplyConstraintsParams) (any, *protocol.Error) {
	d.mu.Lock()
	t := d.tracks[params.Track]
	if t == nil || !t.open {
		d.mu.Unlock()
		return nil, protocol.NewError(protocol.InvalidStateError, "there is no live track of that id")
	}
	device := t.device
	d.mu.Unlock()
	_, settings, failure := constraints.Select([]constraints.Device{device.constrained()}, params.Audio)
	if failure != nil {
		return nil, failure
	}
	if err := d.media.Reconfigure(params.Track, captureOptions(device, settings)); err != nil {
		return nil, d.mediaError("cannot change the track", err)
	}
	d.mu.Lock()
	if t := d.tracks[params.Track]; t != nil {
		t.settings = settings
	}
	d.mu.Unlock()
	return settings, nil
}

// observeLevels does levels.observe.
func (d *document) observeLevels(params *protocol.LevelsObserveParams) (any, *protocol.Error) {
	for _, id := range params.Tracks {
		if failure := checkReference("tracks", id); failure != nil {
			return nil, failure
		}
	}
	d.media.Observe(params.Tracks)
	return nil, nil
}

// levels implements media.Events. A level that is dropped is followed by
// another, but the last one, with which a meter falls to zero, must arrive.
func (d *document) levels(levels []media.Level) {
	event := protocol.LevelsEvent{Levels: make([]protocol.TrackLevel, len(levels))}
	silent := true
	for i, one := range levels {
		event.Levels[i] = protocol.TrackLevel{Track: one.Track, Level: one.Level}
		silent = silent && one.Level == 0
	}
	d.mu.Lock()
	gone := d.gone
	d.mu.Unlock()
	if !gone {
		d.attachment.notify(d.id, protocol.Levels, event, !silent)
	}
}
