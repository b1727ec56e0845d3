package main

import (
	"context"
	"fmt"
	"os"

	"github.com/rs/zerolog"

	"nearend/internal/logring"
	"nearend/internal/protocol"
	"nearend/internal/relay"
	"nearend/manifests"
)

// beNativeMessagingHost is what a browser starts: it speaks native messaging
// for the extension of that origin until the browser closes standard input.
func beNativeMessagingHost(ctx context.Context, origin string) error {
	// Nothing but messages may reach the browser, so this comes first.
	input, output, err := claimStdio()
	if err != nil {
		return fmt.Errorf("cannot take over standard input and output: %w", err)
	}
	if origin != manifests.ExtensionOrigin {
		return fmt.Errorf("%q is not the extension that this native messaging host serves, which is %s; install that one", origin, manifests.ExtensionOrigin)
	}
	ring := new(logring.Ring)
	log, closeLog := newLogger(ring, isTerminal(os.Stderr))
	defer closeLog()
	log = log.With().Int("process", os.Getpid()).Logger()
	log.Info().Str("version", protocol.Product).Str("origin", origin).Msg("native messaging host started")

	dial, closeEndpoint := endpointDialer(os.Getenv(endpointVariable), log, ring)
	defer closeEndpoint()
	err = relay.Run(ctx, relay.Config{
		Input:     input,
		Output:    output,
		Dial:      dial,
		Component: component("nativehost"),
		Logs:      ring.Lines,
		Log:       part(log, "relay"),
	})
	if err != nil {
		log.Error().Err(err).Msg("the browser's messages cannot be read")
	}
	log.Info().Msg("native messaging host ends")
	return err
}

// part names a part of the program in its log.
func part(log zerolog.Logger, name string) zerolog.Logger {
	return log.With().Str("part", name).Logger()
}
