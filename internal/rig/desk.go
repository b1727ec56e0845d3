package rig

import (
	"errors"
	"os"
	"strings"
	"time"

	"nearend/internal/audio/pulsetest"
	"nearend/internal/measure"
)

// Desk is a person's desk: a microphone and a loudspeaker on a private
// PulseAudio, both virtual.
type Desk struct {
	Sound      *pulsetest.Server
	Microphone *pulsetest.Microphone
	Speaker    *pulsetest.Speaker

	folder string
}

// NewDesk sets up a desk. Close it.
func NewDesk() (*Desk, error) {
	folder, err := os.MkdirTemp("", "desk-")
	if err != nil {
		return nil, err
	}
	d := &Desk{folder: folder}
	if err := d.open(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Desk) open() (err error) {
	if d.Sound, err = pulsetest.Start(d.folder); err != nil {
		return err
	}
	if d.Microphone, err = d.Sound.NewMicrophone("desk_microphone", "Desk microphone"); err != nil {
		return err
	}
	if d.Speaker, err = d.Sound.NewSpeaker("desk_speaker", "Desk speaker"); err != nil {
		return err
	}
	if err := d.Sound.SetDefaultSource(d.Microphone.Source); err != nil {
		return err
	}
	return d.Sound.SetDefaultSink(d.Speaker.Sink)
}

// Close removes the desk.
func (d *Desk) Close() {
	if d.Sound != nil {
		_ = d.Sound.Stop()
	}
	_ = os.RemoveAll(d.folder)
}

// Env leads a program to this desk.
func (d *Desk) Env() []string { return d.Sound.Env() }

// BrowserStreams counts the audio streams that browsers hold on this desk, in
// either direction; HostStreams those of native messaging hosts.
func (d *Desk) BrowserStreams() (int, error) { return d.streams("chrom") }

// HostStreams: see BrowserStreams.
func (d *Desk) HostStreams() (int, error) { return d.streams(nativeHostRole) }

func (d *Desk) streams(program string) (int, error) {
	count := 0
	for _, kind := range []string{"sink-inputs", "source-outputs"} {
		list, err := d.Sound.Pactl("list", kind)
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(list) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "application.process.binary = "); ok && strings.Contains(name, program) {
				count++
			}
		}
	}
	return count, nil
}

// Tape records a source with a clock, so that tapes can be laid side by side.
type Tape struct{ recording *pulsetest.Recording }

// RecordSaid records what is said into the microphone, RecordHeard what the
// loudspeaker plays.
func (d *Desk) RecordSaid() (*Tape, error) { return d.record(d.Microphone.Feed) }

// RecordHeard: see RecordSaid.
func (d *Desk) RecordHeard() (*Tape, error) { return d.record(d.Speaker.Monitor) }

func (d *Desk) record(source string) (*Tape, error) {
	recording, err := d.Sound.Record(source, 1)
	if err != nil {
		return nil, err
	}
	return &Tape{recording}, nil
}

// Stop ends the recording.
func (t *Tape) Stop() { t.recording.Stop() }

// Sound is what was recorded so far.
func (t *Tape) Sound() measure.Recording {
	return measure.FromInt16(pulsetest.Rate, 1, t.recording.Samples())
}

// Since is what was recorded after a time.
func (t *Tape) Since(when time.Time) measure.Recording {
	sound := t.Sound()
	return sound.Slice(when.Sub(t.recording.Started()), sound.Duration())
}

// Between finds the same reference on two tapes and returns how much later it
// is on the second, and how well it survived there.
func Between(reference measure.Recording, said, heard *Tape) (measure.Match, error) {
	first := measure.Find(reference, said.Sound())
	if first.Peak < 0.9 {
		return measure.Match{}, errors.New("the reference was not played into the microphone unharmed")
	}
	second := measure.Find(reference, heard.Sound())
	second.Delay += heard.recording.Started().Sub(said.recording.Started()) - first.Delay
	return second, nil
}
