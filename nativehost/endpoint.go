package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio/miniaudio"
	"nearend/internal/deviceid"
	"nearend/internal/endpoint"
	"nearend/internal/link"
	"nearend/internal/link/resume"
	"nearend/internal/link/tlslink"
	"nearend/internal/logring"
	"nearend/internal/protocol"
)

// endpointVariable names the endpoint that a native messaging host uses.
const endpointVariable = "NEAREND_ENDPOINT"

// newEndpoint builds an endpoint on this machine's sound. The function
// returned closes it.
func newEndpoint(log zerolog.Logger, ring *logring.Ring) (*endpoint.Endpoint, func(), error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return nil, nil, fmt.Errorf("no folder for settings: %w", err)
	}
	secret, err := deviceid.LoadSecret(filepath.Join(folder, "nearend", "device-id-secret"))
	if err != nil {
		return nil, nil, fmt.Errorf("no secret for device ids: %w", err)
	}
	system, err := miniaudio.New(part(log, "audio"))
	if err != nil {
		return nil, nil, fmt.Errorf("no sound system: %w", err)
	}
	served := endpoint.New(endpoint.Config{
		System:    system,
		Salter:    deviceid.NewSalter(secret),
		Component: component("endpoint"),
		Logs:      ring.Lines,
		Log:       part(log, "endpoint"),
	})
	return served, func() {
		served.Close()
		if err := system.Close(); err != nil {
			log.Warn().Err(err).Msg("the sound system did not close")
		}
	}, nil
}

const endpointDescription = `Runs the endpoint, which does the audio and the network of calls on this machine,
and serves native messaging hosts that find it by NEAREND_ENDPOINT: those of the
user who runs it, at a socket, and with --listen those of session hosts that
"nativehost pair" has paired with this machine. When a connection is interrupted,
its calls go on for the grace period, within which the native messaging host
comes back. The endpoint ends on SIGINT or SIGTERM, and all calls with it.
`

// serveEndpoint is the command endpoint.
func serveEndpoint(ctx context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	socket := flags.String("socket", defaultSocket(), "`path` of the socket to listen on")
	network := flags.String("listen", "", "`address`, host:port or :port, to listen on for paired session hosts; without it, none")
	grace := flags.Duration("grace", resume.DefaultGrace, "`time` for which calls go on without a connection, at most an hour")
	synopsis := "endpoint [--socket PATH] [--listen ADDRESS] [--grace TIME]"
	if err := parse(flags, streams, synopsis, endpointDescription, arguments); err != nil {
		return err
	}
	if *grace < 0 || *grace > time.Hour {
		fmt.Fprintln(streams.err, "nativehost endpoint: --grace is from 0s to 1h")
		return errUsage
	}
	ring := new(logring.Ring)
	log, closeLog := newLogger(ring, true)
	defer closeLog()
	served, closeEndpoint, err := newEndpoint(log, ring)
	if err != nil {
		return err
	}
	defer closeEndpoint()
	acceptor := resume.NewAcceptor(*grace, func(way link.Link) {
		log.Info().Msg("a native messaging host has come")
		log.Info().AnErr("reason", served.Serve(way)).Msg("a native messaging host has gone")
	})
	defer acceptor.Close()
	if *network != "" {
		closeNetwork, err := serveNetwork(ctx, *network, acceptor, log)
		if err != nil {
			return err
		}
		defer closeNetwork()
	}
	listener, err := listen(ctx, *socket)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { listener.Close() })
	log.Info().Str("version", protocol.Product).Str("socket", *socket).Bool("network", *network != "").Msg("endpoint listens")
	for {
		connection, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		// The acceptor owns it from here on and waits for it.
		go func() {
			log.Debug().AnErr("reason", acceptor.Accept(connection, "")).Msg("a connection has ended")
		}()
	}
}

// serveNetwork serves paired session hosts. The function returned ends that.
func serveNetwork(ctx context.Context, address string, acceptor *resume.Acceptor, log zerolog.Logger) (func(), error) {
	store, err := openPins()
	if err != nil {
		return nil, err
	}
	listener, err := store.Listen(ctx, address)
	if err != nil {
		return nil, err
	}
	log = part(log, "network")
	var serving sync.WaitGroup
	serving.Go(func() {
		listener.Serve(func(connection net.Conn, pin tlslink.Pin) {
			log.Info().Str("sessionHost", pin.Name).Msg("a session host has connected")
			log.Debug().AnErr("reason", acceptor.Accept(connection, pin.Key)).Msg("why its connection has ended")
			if !store.Has(pin) {
				acceptor.Evict(pin.Key)
			}
			log.Info().Str("sessionHost", pin.Name).Msg("a session host has disconnected")
		}, func(pin *tlslink.Pin, err error) {
			switch {
			case pin != nil:
				log.Info().Str("sessionHost", pin.Name).AnErr("reason", err).Msg("a session host was paired")
			case errors.Is(err, tlslink.ErrRefused):
				log.Warn().Msg("somebody tried to pair with a wrong code")
			default:
				log.Debug().Err(err).Msg("a connection came to nothing")
			}
		})
	})
	return func() {
		listener.Close()
		serving.Wait()
	}, nil
}
