package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"nearend/internal/codec/opus"
	"nearend/internal/protocol"
)

// versions is what "version --json" prints.
type versions struct {
	Product  string `json:"product"`
	Protocol int    `json:"protocol"`
	// Revision is the commit that was built, with "+" when the files differed;
	// empty when unknown.
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Opus     string `json:"opus"`
	LogFile  string `json:"logFile"`
}

// showVersion is the command version.
func showVersion(_ context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("version", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print one JSON object")
	if err := parse(flags, streams, "version [--json]", "Shows the versions of Nearend and of what it is made of.\n", arguments); err != nil {
		return err
	}
	v := versions{
		Product:  protocol.Product,
		Protocol: protocol.Version,
		Revision: revision(),
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Opus:     opus.Version(),
		LogFile:  logFile(),
	}
	if *asJSON {
		return json.NewEncoder(streams.out).Encode(v)
	}
	fmt.Fprintf(streams.out, "Nearend %s, protocol %d\n", v.Product, v.Protocol)
	if v.Revision != "" {
		fmt.Fprintln(streams.out, "revision", v.Revision)
	}
	fmt.Fprintf(streams.out, "%s, %s\n%s\nlog in %s\n", v.Go, v.Platform, v.Opus, v.LogFile)
	return nil
}

// revision is what the Go tool noted when it built from a repository.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var commit, changed string
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			commit = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			changed = "+"
		}
	}
	return commit + changed
}
