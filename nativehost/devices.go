package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"github.com/rs/zerolog"

	"nearend/internal/audio"
	"nearend/internal/audio/miniaudio"
	"nearend/internal/logring"
)

// deviceEntry is one device as "devices --json" prints it.
type deviceEntry struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Default bool   `json:"default"`
}

// deviceLists is what "devices --json" prints.
type deviceLists struct {
	Inputs  []deviceEntry `json:"inputs"`
	Outputs []deviceEntry `json:"outputs"`
}

const devicesDescription = `Lists the microphones and speakers that calls can use on this machine. The
system's default of each kind is marked.
`

// listDevices is the command devices.
func listDevices(_ context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("devices", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print one JSON object")
	if err := parse(flags, streams, "devices [--json]", devicesDescription, arguments); err != nil {
		return err
	}
	log, closeLog := newLogger(new(logring.Ring), true)
	defer closeLog()
	system, err := miniaudio.New(log.Level(zerolog.WarnLevel))
	if err != nil {
		return fmt.Errorf("no sound system: %w", err)
	}
	defer system.Close()
	devices, err := system.Devices()
	if err != nil {
		return fmt.Errorf("cannot list the devices: %w", err)
	}
	lists := sortDevices(devices)
	if *asJSON {
		return json.NewEncoder(streams.out).Encode(lists)
	}
	printDevices(streams.out, "Microphones", lists.Inputs)
	printDevices(streams.out, "Speakers", lists.Outputs)
	return nil
}

func sortDevices(devices []audio.Device) deviceLists {
	lists := deviceLists{Inputs: []deviceEntry{}, Outputs: []deviceEntry{}}
	for _, device := range devices {
		entry := deviceEntry{ID: device.ID, Name: device.Name, Default: device.Default}
		if device.Kind == audio.Input {
			lists.Inputs = append(lists.Inputs, entry)
		} else {
			lists.Outputs = append(lists.Outputs, entry)
		}
	}
	return lists
}

func printDevices(out io.Writer, title string, devices []deviceEntry) {
	fmt.Fprintf(out, "%s:\n", title)
	if len(devices) == 0 {
		fmt.Fprintln(out, "    none; is a sound server running for this user?")
	}
	for _, device := range devices {
		mark := " "
		if device.Default {
			mark = "*"
		}
		fmt.Fprintf(out, "  %s %s\n      %s\n", mark, device.Name, device.ID)
	}
}
