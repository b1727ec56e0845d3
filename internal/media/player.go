package media

import "slices"

// player is a media element that plays tracks on an output.
type player struct {
	owner  *Document
	id     string
	state  Player
	output *output // nil while it does not play
	taps   []*tap
}

// arrange makes a player's taps what its state asks for; Engine.mu is held.
func (e *Engine) arrange(p *player) {
	var wanted []*track
	if p.state.Playing {
		for _, id := range p.state.Tracks {
			if t := p.owner.tracks[id]; t != nil && !t.ended && !slices.Contains(wanted, t) {
				wanted = append(wanted, t)
			}
		}
	}
	var target *output
	if len(wanted) > 0 {
		target = e.output(p.state.Device)
	}
	gain := p.state.Volume
	if p.state.Muted {
		gain = 0
	}
	var taps []*tap
	for _, t := range p.taps {
		if p.output == target && slices.Contains(wanted, t.track) {
			t.gain.Set(gain)
			taps = append(taps, t)
			continue
		}
		t.gain.Set(0)
		t.gone.Store(true)
	}
	for _, t := range wanted {
		if slices.ContainsFunc(taps, func(old *tap) bool { return old.track == t }) {
			continue
		}
		made := newTap(t)
		made.gain.Set(gain)
		t.attach(made)
		list := *target.taps.Load()
		list = append(list[:len(list):len(list)], made)
		target.taps.Store(&list)
		taps = append(taps, made)
	}
	p.output, p.taps = target, taps
}

// output returns the output of an id and opens it if need be; Engine.mu is
// held.
func (e *Engine) output(id string) *output {
	o := e.outputs[id]
	if o == nil {
		o = newOutput(e, id)
		e.outputs[id] = o
		go o.run()
	}
	o.idle = 0
	return o
}

// prune removes the taps of an output that have faded out.
func (e *Engine) prune(o *output) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var rest []*tap
	for _, t := range *o.taps.Load() {
		if t.faded.Load() {
			t.track.detach(t)
			continue
		}
		rest = append(rest, t)
	}
	o.taps.Store(&rest)
	e.plan()
}

// pruneClosed removes all leaving taps of outputs that play nothing at present,
// where nothing fades; Engine.mu is held.
func (e *Engine) pruneClosed() {
	for _, o := range e.outputs {
		if o.open {
			continue
		}
		var rest []*tap
		for _, t := range *o.taps.Load() {
			if t.gone.Load() {
				t.track.detach(t)
				continue
			}
			rest = append(rest, t)
		}
		o.taps.Store(&rest)
	}
}

// playersOf lists the players on an output; Engine.mu is held.
func (e *Engine) playersOf(o *output) []*player {
	var list []*player
	for d := range e.documents {
		for _, p := range d.players {
			if p.output == o {
				list = append(list, p)
			}
		}
	}
	return list
}
