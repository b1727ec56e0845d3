package media

import (
	"slices"
	"time"

	"nearend/internal/audio"
)

// pollInterval is the time between looks at the device list: the sound system
// does not tell of changes.
const pollInterval = 700 * time.Millisecond

// idlePolls is how many polls an output stays open that nothing plays on.
const idlePolls = 3

// WatchDevices calls changed with the list when it is first read, and with the
// new one whenever devices come or go or the default changes. It is called
// without locks and must not block.
func (e *Engine) WatchDevices(changed func([]audio.Device)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watchers = append(e.watchers, changed)
}

// poll looks at the device list while there are documents.
func (e *Engine) poll() {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-e.stop:
			return
		case <-ticker.C:
		}
		e.mu.Lock()
		wanted := len(e.documents) > 0
		e.mu.Unlock()
		if wanted {
			e.look()
		}
		e.closeIdleOutputs()
	}
}

// look reads the list, moves what follows the default and tells the watchers.
func (e *Engine) look() {
	devices, err := e.system.Devices()
	if err != nil {
		return
	}
	e.mu.Lock()
	changed := !slices.Equal(devices, e.devices)
	e.devices = devices
	var watchers []func([]audio.Device)
	if changed {
		watchers = e.watchers
	}
	for _, m := range e.microphones {
		if d := find(devices, audio.Input, m.id); d.ID != "" && !m.lost && m.device.ID != "" && m.device.ID != d.ID {
			wake(m.move)
		}
	}
	for _, o := range e.outputs {
		if d := find(devices, audio.Output, o.id); d.ID != "" && o.open && o.device.ID != "" && o.device.ID != d.ID {
			wake(o.move)
		}
	}
	e.mu.Unlock()
	for _, changed := range watchers {
		changed(slices.Clone(devices))
	}
}

// find returns the device that an id means now: itself, or the default when id
// is empty. The zero Device means that there is none.
func find(devices []audio.Device, kind audio.Kind, id string) audio.Device {
	for _, d := range devices {
		if d.Kind == kind && (d.ID == id || id == "" && d.Default) {
			return d
		}
	}
	return audio.Device{}
}

// attempts lists what to open for an id: itself, then, if it may be another,
// the default and all others.
func attempts(devices []audio.Device, kind audio.Kind, id string, other bool) []string {
	list := []string{id}
	if !other {
		return list
	}
	if id != "" {
		list = append(list, "")
	}
	for _, d := range devices {
		if d.Kind == kind && d.ID != id && !d.Default {
			list = append(list, d.ID)
		}
	}
	return list
}

// openCapture opens an input, or another in its place if other is set.
func (e *Engine) openCapture(id string, other bool) (audio.Capture, audio.Device, error) {
	return openFirst(e, audio.Input, id, other, e.system.OpenCapture)
}

// openPlayout opens an output, or another in its place.
func (e *Engine) openPlayout(id string) (audio.Playout, audio.Device, error) {
	return openFirst(e, audio.Output, id, true, e.system.OpenPlayout)
}

// openFirst opens the first device that opens. Its error is that of the one
// that was asked for.
func openFirst[S any](e *Engine, kind audio.Kind, id string, other bool, open func(string) (S, error)) (S, audio.Device, error) {
	devices, err := e.system.Devices()
	if err != nil {
		devices = nil // opening says more
	}
	var first error
	for _, attempt := range attempts(devices, kind, id, other) {
		stream, err := open(attempt)
		if err == nil {
			return stream, find(devices, kind, attempt), nil
		}
		if first == nil {
			first = deviceError(err)
		}
	}
	var none S
	return none, audio.Device{}, first
}

// microphoneLost, microphoneBack and microphoneEnded tell the tracks'
// documents what became of their device.

func (e *Engine) microphoneLost(m *microphone) {
	e.mu.Lock()
	m.lost = true
	tracks := m.tracks()
	e.mu.Unlock()
	e.log.Info().Str("device", m.id).Msg("microphone lost")
	for _, t := range tracks {
		t.owner.trackChanged(t.id, true, false, audio.Device{})
	}
}

func (e *Engine) microphoneBack(m *microphone, device audio.Device) {
	e.mu.Lock()
	m.lost, m.device = false, device
	tracks := m.tracks()
	e.mu.Unlock()
	e.log.Info().Str("device", device.ID).Msg("microphone opened again")
	for _, t := range tracks {
		t.owner.trackChanged(t.id, false, false, device)
	}
}

func (e *Engine) microphoneEnded(m *microphone) {
	e.mu.Lock()
	if e.microphones[m.id] == m {
		delete(e.microphones, m.id)
	}
	tracks := m.tracks()
	for _, t := range tracks {
		e.end(t)
	}
	e.mu.Unlock()
	e.log.Warn().Str("device", m.id).Msg("microphone did not come back")
	for _, t := range tracks {
		t.owner.trackChanged(t.id, true, true, audio.Device{})
	}
}

// outputOpened and outputLost tell the players' documents about an output.

func (e *Engine) outputOpened(o *output, device audio.Device, err error) {
	e.mu.Lock()
	failedBefore := o.failed != nil
	o.open, o.device, o.failed = err == nil, device, err
	e.plan()
	players := e.playersOf(o)
	e.mu.Unlock()
	if err != nil && !failedBefore {
		e.log.Warn().Err(err).Str("device", o.id).Msg("output does not open")
	}
	if (err != nil) == failedBefore {
		return
	}
	for _, p := range players {
		p.owner.playerFailed(p.id, err)
	}
}

func (e *Engine) outputLost(o *output) {
	e.mu.Lock()
	o.open = false
	e.plan()
	e.mu.Unlock()
	e.log.Info().Str("device", o.id).Msg("output lost")
}

// closeIdleOutputs closes outputs that nothing has played on for a while: a
// pause between two sounds need not open the device again.
func (e *Engine) closeIdleOutputs() {
	e.mu.Lock()
	var idle []*output
	for id, o := range e.outputs {
		if len(*o.taps.Load()) > 0 {
			o.idle = 0
			continue
		}
		if o.idle++; o.idle > idlePolls {
			idle = append(idle, o)
			delete(e.outputs, id)
		}
	}
	e.mu.Unlock()
	for _, o := range idle {
		o.close()
	}
}
