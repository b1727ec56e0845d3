package endpoint

import (
	"nearend/internal/media"
	"nearend/internal/protocol"
)

// updatePlayer does player.update.
func (d *document) updatePlayer(params *protocol.PlayerUpdateParams) (any, *protocol.Error) {
	if failure := checkMinted("player", params.Player); failure != nil {
		return nil, failure
	}
	for _, id := range params.Tracks {
		if failure := checkReference("tracks", id); failure != nil {
			return nil, failure
		}
	}
	if params.Volume < 0 || params.Volume > 1 {
		return nil, protocol.NewError(protocol.RangeError, "volume is not within 0 and 1")
	}
	backend, failure := d.sink(params.SinkID)
	if failure != nil {
		return nil, failure
	}
	d.mu.Lock()
	_, known := d.players[params.Player]
	if !known && len(d.players) >= protocol.MaxPlayers {
		d.mu.Unlock()
		return nil, protocol.NewError(protocol.QuotaExceededError, "too many media elements play redirected tracks")
	}
	d.players[params.Player] = struct{}{}
	d.mu.Unlock()
	err := d.media.UpdatePlayer(media.Player{
		ID:      params.Player,
		Tracks:  params.Tracks,
		Playing: params.Playing,
		Muted:   params.Muted,
		Volume:  params.Volume,
		Device:  backend,
	})
	if err != nil {
		return nil, d.mediaError("cannot play", err)
	}
	return nil, nil
}

// sink finds the output that a page names; the default is the empty id.
func (d *document) sink(id string) (string, *protocol.Error) {
	if id == "" || id == defaultID {
		return "", nil
	}
	all, failure := d.devices()
	if failure != nil {
		return "", failure
	}
	for _, output := range ofKind(all, "audiooutput") {
		if output.DeviceID == id {
			return output.backend, nil
		}
	}
	return "", protocol.NewError(protocol.NotFoundError, "there is no audio output of that id")
}

// closePlayer does player.close.
func (d *document) closePlayer(params *protocol.PlayerCloseParams) (any, *protocol.Error) {
	d.mu.Lock()
	_, known := d.players[params.Player]
	delete(d.players, params.Player)
	d.mu.Unlock()
	if known {
		d.media.ClosePlayer(params.Player)
	}
	return nil, nil
}

// playerFailed implements media.Events.
func (d *document) playerFailed(id string, err error) {
	event := protocol.PlayerChangedEvent{Player: id}
	if err != nil {
		event.Error = d.mediaError("cannot play", err)
	}
	d.notify(protocol.PlayerChanged, event)
}
