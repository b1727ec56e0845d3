package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"nearend/internal/link"
	"nearend/internal/nativemsg"
	"nearend/internal/protocol"
)

// connection is a link whose handshake is done, and the goroutine that passes
// on what the endpoint sends.
type connection struct {
	link link.Link
	// release takes back that the end of the run closes the link.
	release func() bool
	// lost is closed once the endpoint is gone and the browser was told.
	lost chan struct{}
	pump sync.WaitGroup
}

// hello dials the endpoint and shakes hands with it.
func (r *relay) hello(ctx context.Context, request *protocol.Message) (any, *protocol.Error) {
	var params protocol.HelloParams
	if err := json.Unmarshal(request.Params, &params); err != nil {
		return nil, protocol.NewError(protocol.TypeError, "hello: params are not HelloParams")
	}
	if params.Version != protocol.Version {
		return nil, protocol.NewError(protocol.NotSupportedError, fmt.Sprintf(
			"the extension speaks version %d of the protocol, the native messaging host version %d: update the older one",
			params.Version, protocol.Version))
	}
	if r.connection != nil {
		select {
		case <-r.connection.lost:
			r.hangUp()
		default:
			return nil, protocol.NewError(protocol.InvalidStateError, "hello was already said")
		}
	}
	result, failure := r.connect(ctx, request.ID, params)
	if failure != nil {
		r.Log.Warn().Str("reason", failure.Message).Msg("no connection to the endpoint")
		return nil, failure
	}
	r.Log.Info().Str("extension", params.Component.Version).Msg("connected to the endpoint")
	return result, nil
}

func (r *relay) connect(run context.Context, id uint64, params protocol.HelloParams) (*protocol.HelloResult, *protocol.Error) {
	ctx, cancel := context.WithTimeout(run, handshakeTimeout)
	defer cancel()
	way, err := r.Dial(ctx)
	if err != nil {
		return nil, protocol.NewError(protocol.NetworkError, "cannot reach the endpoint: "+err.Error())
	}
	stop := context.AfterFunc(ctx, func() { way.Close() })
	result, failure := shakeHands(way, id, protocol.HelloParams{
		Version:   protocol.Version,
		Component: r.Component,
		Features:  params.Features,
		Instance:  params.Instance,
	})
	if !stop() && failure == nil {
		failure = protocol.NewError(protocol.NetworkError, "the endpoint did not answer in time")
	}
	if failure != nil {
		way.Close()
		return nil, failure
	}
	// The end of the run must also end a Send that the endpoint keeps waiting.
	release := context.AfterFunc(run, func() { way.Close() })
	r.connection = &connection{link: way, release: release, lost: make(chan struct{})}
	r.connection.pump.Go(func() { r.pump(run, r.connection) })
	result.Components = append([]protocol.Component{r.Component}, result.Components...)
	return result, nil
}

// shakeHands says hello over a link and waits for the answer.
func shakeHands(way link.Link, id uint64, params protocol.HelloParams) (*protocol.HelloResult, *protocol.Error) {
	unreachable := func(err error) *protocol.Error {
		return protocol.NewError(protocol.NetworkError, "the endpoint does not answer: "+err.Error())
	}
	request, err := protocol.NewRequest("", id, protocol.Hello, params)
	if err != nil {
		return nil, unreachable(err)
	}
	data, err := protocol.Encode(request)
	if err != nil {
		return nil, unreachable(err)
	}
	if err := way.Send(data); err != nil {
		return nil, unreachable(err)
	}
	if data, err = way.Receive(); err != nil {
		return nil, unreachable(err)
	}
	reply, err := protocol.Decode(data)
	if err != nil {
		return nil, unreachable(err)
	}
	if reply.Error != nil {
		return nil, reply.Error
	}
	result := new(protocol.HelloResult)
	if err := json.Unmarshal(reply.Result, result); err != nil {
		return nil, unreachable(err)
	}
	if result.Version != protocol.Version {
		return nil, protocol.NewError(protocol.NotSupportedError, fmt.Sprintf(
			"the endpoint speaks version %d of the protocol, the native messaging host version %d: update the older one",
			result.Version, protocol.Version))
	}
	return result, nil
}

// pump passes on what the endpoint sends, until the link ends. Unless that is
// because the run ends, the browser is told.
func (r *relay) pump(run context.Context, c *connection) {
	for {
		message, err := c.link.Receive()
		if err != nil {
			c.link.Close()
			close(c.lost)
			if run.Err() == nil {
				r.Log.Warn().Err(err).Msg("the link to the endpoint is lost")
				r.tellLost()
			}
			return
		}
		if err := r.browser.Write(message); errors.Is(err, nativemsg.ErrTooLarge) {
			r.Log.Error().Err(err).Msg("a message of the endpoint was dropped")
		} else if err != nil {
			// The browser is gone; the end of its input ends the run.
			c.link.Close()
		}
	}
}

func (r *relay) tellLost() {
	message, err := protocol.NewRequest("", 0, protocol.LinkChanged, protocol.LinkChangedEvent{
		State:  protocol.LinkLost,
		Reason: "The connection to the endpoint was lost. Calls on it have ended; new ones reconnect.",
	})
	if err != nil {
		r.Log.Error().Err(err).Msg("cannot encode a message")
		return
	}
	r.send(message)
}

// hangUp closes the connection, if there is one, and waits for its goroutine.
func (r *relay) hangUp() {
	if r.connection == nil {
		return
	}
	r.connection.release()
	r.connection.link.Close()
	r.connection.pump.Wait()
	r.connection = nil
}
