package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/audio/miniaudio"
	"nearend/internal/deviceid"
	"nearend/internal/endpoint"
	"nearend/internal/link"
	"nearend/internal/link/resume"
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

// endpointDialer returns how a native messaging host reaches its endpoint: at
// a socket, or within this process when there is none. The endpoint within is
// built by the first dial and closed by the function returned.
func endpointDialer(socket string, log zerolog.Logger, ring *logring.Ring) (func(context.Context) (link.Link, error), func()) {
	if socket != "" {
		dial := func(ctx context.Context) (io.ReadWriteCloser, error) { return dialSocket(ctx, socket) }
		return func(ctx context.Context) (link.Link, error) {
			return resume.Dial(ctx, dial, func(why error) {
				if why != nil {
					log.Warn().Err(why).Msg("the connection to the endpoint is interrupted")
				} else {
					log.Info().Msg("the connection to the endpoint is back")
				}
			})
		}, func() {}
	}
	var served *endpoint.Endpoint
	var serving sync.WaitGroup
	closeEndpoint := func() {}
	dial := func(context.Context) (link.Link, error) {
		if served == nil {
			made, closeMade, err := newEndpoint(log, ring)
			if err != nil {
				return nil, err
			}
			served, closeEndpoint = made, closeMade
		}
		near, far := link.Pipe()
		serving.Go(func() {
			log.Debug().Err(served.Serve(far)).Msg("the link within the process ended")
		})
		return near, nil
	}
	return dial, func() {
		closeEndpoint()
		serving.Wait()
	}
}

// dialSocket connects to an endpoint on this machine. While it runs it
// listens.
func dialSocket(ctx context.Context, socket string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w; start \"nativehost endpoint\": %w", resume.ErrGone, err)
	case err != nil:
		return nil, err
	}
	return connection, nil
}

const endpointDescription = `Runs the endpoint, which does the audio and the network of calls on this machine,
and serves native messaging hosts that find it by NEAREND_ENDPOINT. Only the
user who runs it can connect. When a connection is interrupted, its calls go on
for the grace period, within which the native messaging host comes back. The
endpoint ends on SIGINT or SIGTERM, and all calls with it.
`

// serveEndpoint is the command endpoint.
func serveEndpoint(ctx context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	socket := flags.String("socket", defaultSocket(), "`path` of the socket to listen on")
	grace := flags.Duration("grace", resume.DefaultGrace, "`time` for which calls go on without a connection, at most an hour")
	if err := parse(flags, streams, "endpoint [--socket PATH] [--grace TIME]", endpointDescription, arguments); err != nil {
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
	listener, err := listen(ctx, *socket)
	if err != nil {
		return err
	}
	acceptor := resume.NewAcceptor(*grace, func(way link.Link) {
		log.Info().Msg("a native messaging host has come")
		log.Info().AnErr("reason", served.Serve(way)).Msg("a native messaging host has gone")
	})
	defer acceptor.Close()
	context.AfterFunc(ctx, func() { listener.Close() })
	log.Info().Str("version", protocol.Product).Str("socket", *socket).Msg("endpoint listens")
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
			log.Debug().AnErr("reason", acceptor.Accept(connection)).Msg("a connection has ended")
		}()
	}
}

// defaultSocket is in the folder that the system keeps for this user.
func defaultSocket() string {
	folder := os.Getenv("XDG_RUNTIME_DIR")
	if folder == "" {
		var err error
		if folder, err = os.UserCacheDir(); err != nil {
			folder = os.TempDir()
		}
	}
	return filepath.Join(folder, "nearend", "endpoint.sock")
}

// listen makes the socket in a folder that only its owner can enter. A socket
// that nobody answers on any more is replaced.
func listen(ctx context.Context, socket string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		return nil, err
	}
	if connection, err := new(net.Dialer).DialContext(ctx, "unix", socket); err == nil {
		connection.Close()
		return nil, fmt.Errorf("another endpoint listens on %s; stop it first", socket)
	}
	if info, err := os.Lstat(socket); err == nil {
		if info.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("%s exists and is not a socket; remove it or name another", socket)
		}
		if err := os.Remove(socket); err != nil {
			return nil, err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}
