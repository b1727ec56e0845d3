package main

import (
	"context"
	"flag"
	"fmt"

	"nearend/internal/demo"
	"nearend/internal/logring"
)

const demoDescription = `Serves a softphone page that knows nothing of redirection, and a far end that
answers at the number ` + demo.FarEndNumber + `, greets with speech and repeats what it hears. It ends on
SIGINT or SIGTERM.
`

// serveDemo is the command demo.
func serveDemo(ctx context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	address := flags.String("listen", "localhost:8998", "`address` to serve on; others than this machine need HTTPS before it")
	if err := parse(flags, streams, "demo [--listen ADDRESS]", demoDescription, arguments); err != nil {
		return err
	}
	log, closeLog := newLogger(new(logring.Ring), true)
	defer closeLog()
	server, err := demo.New(demo.Options{Listen: *address, Logger: part(log, "demo")})
	if err != nil {
		return err
	}
	fmt.Fprintf(streams.out, "The softphone is at %s; dial %s. Stop with Ctrl+C.\n", server.URL(), demo.FarEndNumber)
	return server.Run(ctx)
}
