package media

import (
	"fmt"

	"nearend/internal/audio"
)

// Reconfigure changes a captured track's device or processing. A chain that no
// other track uses keeps what it has learnt.
func (d *Document) Reconfigure(id string, o CaptureOptions) error {
	e := d.engine
	e.opening.Lock()
	defer e.opening.Unlock()
	e.mu.Lock()
	t := d.track(id)
	if t == nil || t.chain.Load() == nil { // ended tracks have none
		e.mu.Unlock()
		return fmt.Errorf("media: reconfigure %q: %w", id, ErrNoTrack)
	}
	old := t.chain.Load()
	wanted := voiceOptions(o)
	same := old.microphone.id == o.Device
	alone := len(old.list()) == 1
	unchanged := same && old.options == wanted
	e.mu.Unlock()
	if unchanged {
		return nil
	}
	if same && alone {
		if err := old.processor.SetOptions(wanted); err != nil {
			return fmt.Errorf("media: %w: %w", ErrNotReadable, err)
		}
		e.mu.Lock()
		old.options = wanted
		e.mu.Unlock()
		return nil
	}
	next, err := e.openChain(o)
	if err != nil {
		return err
	}
	e.mu.Lock()
	spare := next
	var device audio.Device
	if t.chain.Load() == old && !t.ended {
		old.remove(t)
		next.add(t)
		t.chain.Store(next)
		spare = old
		if !same {
			device = next.microphone.device
		}
		e.plan()
	}
	e.mu.Unlock()
	e.giveBack(spare)
	if device.ID != "" {
		d.trackChanged(id, false, false, device)
	}
	return nil
}
