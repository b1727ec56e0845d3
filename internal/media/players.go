package media

import "math"

// UpdatePlayer makes or changes a player. Tracks that do not exist are left
// out, those of receivers still to come play when they do. The device opens in
// the background; Events.PlayerFailed says when it cannot.
func (d *Document) UpdatePlayer(state Player) error {
	if math.IsNaN(state.Volume) {
		state.Volume = 0
	}
	state.Volume = max(0, min(1, state.Volume))
	state.Tracks = append([]string(nil), state.Tracks...)
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	p := d.players[state.ID]
	if p == nil {
		p = &player{owner: d, id: state.ID}
		d.players[state.ID] = p
	}
	p.state = state
	for _, id := range state.Tracks {
		d.track(id) // makes those of receivers still to come
	}
	e.arrange(p)
	e.plan()
	return nil
}

// ClosePlayer forgets a player.
func (d *Document) ClosePlayer(id string) {
	e := d.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	p := d.players[id]
	if p == nil {
		return
	}
	delete(d.players, id)
	p.state.Playing = false
	e.arrange(p)
	e.plan()
}
