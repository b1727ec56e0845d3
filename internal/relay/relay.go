// Package relay is the role of the native messaging host: it stands between
// the browser on standard input and output and the endpoint on a link. After
// the handshake it passes messages on in both directions and looks at nothing
// but their envelope.
//
//	browser ── native messaging ── relay ── link ── endpoint
//
// A relay starts without a link. Each hello from the extension dials one; when
// it is lost the extension is told by link.changed, every request is refused,
// and the next hello dials again.
package relay

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/link"
	"nearend/internal/nativemsg"
	"nearend/internal/protocol"
)

// handshakeTimeout bounds how long the endpoint may take to answer hello.
const handshakeTimeout = 10 * time.Second

// Config says what a relay stands between.
type Config struct {
	// Input and Output are the browser's side; Run closes both. Nothing else
	// may write to Output.
	Input  io.ReadCloser
	Output io.WriteCloser
	// Dial makes the link to the endpoint, which the relay then owns.
	Dial func(context.Context) (link.Link, error)
	// Component is this process, for the handshake.
	Component protocol.Component
	// Logs returns the recent redacted log of this process.
	Logs func() []string
	Log  zerolog.Logger
}

// Run relays until the browser closes its side or the context ends, which is
// the usual way to leave and no error. It returns an error when the input is
// not native messaging. Everything that it started has ended when it returns.
func Run(ctx context.Context, config Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &relay{
		Config:  config,
		browser: nativemsg.NewWriter(config.Output, protocol.MaxMessage),
	}
	incoming := make(chan input)
	var readers sync.WaitGroup
	var failure error
	readers.Go(func() {
		defer cancel()
		failure = r.read(ctx, incoming)
	})
	// Closing the browser's side is what makes blocked reads and writes return.
	stop := context.AfterFunc(ctx, func() {
		config.Input.Close()
		config.Output.Close()
	})
	r.serve(ctx, incoming)
	r.hangUp()
	readers.Wait()
	if stop() {
		config.Input.Close()
		config.Output.Close()
	}
	return failure
}

// relay is one run. Its fields belong to the goroutine of serve, but for the
// writer, which is safe for concurrent use.
type relay struct {
	Config
	browser *nativemsg.Writer
	// connection is nil until hello, and again once its loss was noticed.
	connection *connection
}

// input is one message from the browser, or that one was too large.
type input struct {
	message  []byte
	tooLarge error
}

// read hands over what the browser sends until it ends.
func (r *relay) read(ctx context.Context, incoming chan<- input) error {
	reader := nativemsg.NewReader(r.Input, protocol.MaxMessage)
	for {
		message, err := reader.Read()
		next := input{message: message}
		if errors.Is(err, nativemsg.ErrTooLarge) {
			next.tooLarge = err
		} else if err != nil {
			if err == io.EOF || ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case incoming <- next:
		case <-ctx.Done():
			return nil
		}
	}
}

// serve takes the browser's messages in order until the context ends.
func (r *relay) serve(ctx context.Context, incoming <-chan input) {
	for {
		select {
		case next := <-incoming:
			if next.tooLarge != nil {
				r.reply("", 0, nil, protocol.NewError(protocol.DataError, next.tooLarge.Error()))
				continue
			}
			r.take(ctx, next.message)
		case <-ctx.Done():
			return
		}
	}
}

// take answers a message or passes it on.
func (r *relay) take(ctx context.Context, data []byte) {
	message, err := protocol.Decode(data)
	if err != nil {
		r.reply("", 0, nil, protocol.NewError(protocol.SyntaxError, err.Error()))
		return
	}
	switch {
	case message.Doc == "" && message.Method == protocol.Hello:
		result, failure := r.hello(ctx, message)
		r.reply("", message.ID, result, failure)
	case message.Doc == "" && message.Method == protocol.HostLogs:
		r.reply("", message.ID, protocol.LogsResult{Lines: r.Logs()}, nil)
	default:
		r.forward(message, data)
	}
}

// forward passes a message on to the endpoint. When that cannot be, a request
// is refused; a notification has nobody to tell.
func (r *relay) forward(message *protocol.Message, data []byte) {
	if r.connection != nil && r.connection.link.Send(data) == nil {
		return
	}
	if message.ID != 0 {
		r.reply(message.Doc, message.ID, nil, protocol.NewError(protocol.NetworkError,
			"there is no connection to the endpoint: send hello first"))
	}
}

// reply answers the browser; a nil result with no failure becomes {}.
func (r *relay) reply(doc string, id uint64, result any, failure *protocol.Error) {
	message, err := protocol.NewReply(doc, id, result, failure)
	if err != nil {
		r.Log.Error().Err(err).Msg("cannot encode a reply")
		return
	}
	r.send(message)
}

func (r *relay) send(message *protocol.Message) {
	data, err := protocol.Encode(message)
	if err == nil {
		err = r.browser.Write(data)
	}
	if err != nil {
		r.Log.Error().Err(err).Str("method", string(message.Method)).Msg("cannot send a message to the browser")
	}
}
