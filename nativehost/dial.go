package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/rs/zerolog"

	"nearend/internal/endpoint"
	"nearend/internal/link"
	"nearend/internal/link/resume"
	"nearend/internal/logring"
)

// endpointDialer returns how a native messaging host reaches its endpoint: as
// NEAREND_ENDPOINT says, or within this process when it says nothing. The endpoint within is
// built by the first dial and closed by the function returned.
func endpointDialer(where string, log zerolog.Logger, ring *logring.Ring) (func(context.Context) (link.Link, error), func()) {
	if where != "" {
		return func(ctx context.Context) (link.Link, error) {
			return resume.Dial(ctx, streamDialer(where), func(why error) {
				if why != nil {
					log.Warn().Msg("the connection to the endpoint is interrupted")
					log.Debug().Err(why).Msg("why it is interrupted")
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

// tlsScheme starts the address of an endpoint that this machine is paired with.
const tlsScheme = "tls://"

// streamDialer returns how to connect to an endpoint in another process.
func streamDialer(where string) resume.Dialer {
	address, paired := strings.CutPrefix(where, tlsScheme)
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		if !paired {
			return dialSocket(ctx, where)
		}
		store, err := openPins()
		if err != nil {
			return nil, err
		}
		return store.Dial(ctx, address)
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
