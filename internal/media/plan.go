package media

import (
	"slices"
	"time"
)

// plan chooses a leader for each receiver: the output that leads it already if
// it still plays it, else the first that does; Engine.mu is held.
func (e *Engine) plan() {
	e.pruneClosed()
	players := map[*receiver][]*output{}
	for _, o := range e.outputs {
		if !o.open {
			continue
		}
		for _, t := range *o.taps.Load() {
			if r := t.track.receiver; r != nil && !r.closed && !slices.Contains(players[r], o) {
				players[r] = append(players[r], o)
			}
		}
	}
	for _, r := range e.streams.Load().receivers {
		candidates := players[r]
		switch {
		case len(candidates) == 0:
			r.leader = nil
		case !slices.Contains(candidates, r.leader):
			r.leader = candidates[0]
		}
		if r.leader != nil && !r.led.Load() {
			r.ledAt.Store(time.Now().UnixNano())
		}
		r.led.Store(r.leader != nil)
	}
	for _, o := range e.outputs {
		var leads []*receiver
		for _, r := range e.streams.Load().receivers {
			if r.leader == o {
				leads = append(leads, r)
			}
		}
		o.leads.Store(&leads)
		for _, t := range *o.taps.Load() {
			r := t.track.receiver
			t.led.Store(r != nil && r.leader == o)
		}
	}
	e.listen()
}

// listen chooses the output whose sound echo cancellers remove, the one that
// plays most receivers; Engine.mu is held.
func (e *Engine) listen() {
	var reference *output
	most := -1
	for _, o := range e.outputs {
		n := len(*o.leads.Load())
		if o.open && len(*o.taps.Load()) > 0 && (n > most || n == most && o.id < reference.id) {
			reference, most = o, n
		}
	}
	var ears []*chain
	for _, m := range e.microphones {
		ears = append(ears, *m.chains.Load()...)
	}
	for _, o := range e.outputs {
		heard := ears
		if o != reference {
			heard = nil
		}
		o.ears.Store(&heard)
	}
}
