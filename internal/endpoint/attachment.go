package endpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"nearend/internal/link"
	"nearend/internal/protocol"
)

// attachment is one native messaging host and the documents that it announced.
type attachment struct {
	endpoint *Endpoint
	way      link.Link
	outbox   *outbox
	// greeted is set by hello. It belongs to the goroutine of serve.
	greeted bool
	// instance names the run of the extension; guarded by the endpoint.
	instance string

	mu        sync.Mutex
	documents map[string]*document
	// closing waits for documents that are being closed.
	closing sync.WaitGroup
}

func newAttachment(e *Endpoint, way link.Link) *attachment {
	return &attachment{
		endpoint:  e,
		way:       way,
		outbox:    newOutbox(way),
		documents: make(map[string]*document),
	}
}

// serve takes messages in order until the link ends.
func (a *attachment) serve() error {
	var sender sync.WaitGroup
	sender.Go(a.outbox.run)
	err := a.receive()
	a.way.Close()
	a.outbox.close()
	a.mu.Lock()
	for id := range a.documents {
		a.closeDocument(id)
	}
	a.mu.Unlock()
	a.closing.Wait()
	sender.Wait()
	return err
}

func (a *attachment) receive() error {
	for {
		// A page that does not take its replies is not given more.
		a.outbox.wait()
		data, err := a.way.Receive()
		if err != nil {
			return err
		}
		message, err := protocol.Decode(data)
		if err != nil {
			a.reply("", 0, nil, protocol.NewError(protocol.SyntaxError, err.Error()))
			continue
		}
		a.take(message)
	}
}

func (a *attachment) take(message *protocol.Message) {
	if message.Doc == "" {
		result, failure := a.control(message)
		if message.ID != 0 || failure != nil {
			a.reply("", message.ID, result, failure)
		}
		return
	}
	a.mu.Lock()
	d := a.documents[message.Doc]
	a.mu.Unlock()
	if d == nil {
		if message.ID != 0 {
			a.reply(message.Doc, message.ID, nil, protocol.NewError(protocol.InvalidStateError,
				"the document was not announced to the endpoint"))
		}
		return
	}
	d.take(message)
}

// control does what the extension itself asks for.
func (a *attachment) control(message *protocol.Message) (any, *protocol.Error) {
	if message.Method == protocol.Hello {
		return a.hello(message.Params)
	}
	if !a.greeted {
		return nil, protocol.NewError(protocol.InvalidStateError, "the first message must be hello")
	}
	switch message.Method {
	case protocol.DocumentOpen:
		params, failure := decode[protocol.DocumentOpenParams](message.Params)
		if failure != nil {
			return nil, failure
		}
		return nil, a.open(params)
	case protocol.DocumentClose:
		params, failure := decode[protocol.DocumentCloseParams](message.Params)
		if failure != nil {
			return nil, failure
		}
		a.mu.Lock()
		a.closeDocument(params.Document)
		a.mu.Unlock()
		return nil, nil
	case protocol.EndpointLogs:
		return protocol.LogsResult{Lines: a.endpoint.config.Logs()}, nil
	default:
		return nil, unknownMethod(message.Method)
	}
}

func (a *attachment) hello(raw json.RawMessage) (any, *protocol.Error) {
	params, failure := decode[protocol.HelloParams](raw)
	if failure != nil {
		return nil, failure
	}
	if params.Version != protocol.Version {
		return nil, protocol.NewError(protocol.NotSupportedError, fmt.Sprintf(
			"the native messaging host speaks version %d of the protocol, the endpoint version %d: update the older one",
			params.Version, protocol.Version))
	}
	a.greeted = true
	if params.Instance != "" {
		a.endpoint.supersede(a, params.Instance)
	}
	return protocol.HelloResult{
		Version:    protocol.Version,
		Components: []protocol.Component{a.endpoint.config.Component},
	}, nil
}

// open announces a document. Announcing one again changes nothing, unless its
// origin is another: then it is a new one.
func (a *attachment) open(params *protocol.DocumentOpenParams) *protocol.Error {
	if failure := checkReference("document", params.Document); failure != nil {
		return failure
	}
	if params.Origin == "" {
		return protocol.NewError(protocol.TypeError, "origin is empty")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if known := a.documents[params.Document]; known != nil {
		if known.origin == params.Origin {
			return nil
		}
		a.closeDocument(params.Document)
	}
	if len(a.documents) >= protocol.MaxDocuments {
		return protocol.NewError(protocol.QuotaExceededError, "too many documents are open")
	}
	a.documents[params.Document] = newDocument(a, params.Document, params.Origin)
	return nil
}

// closeDocument forgets a document and ends what it has in use without
// waiting for that. The caller holds mu.
func (a *attachment) closeDocument(id string) {
	d := a.documents[id]
	if d == nil {
		return
	}
	delete(a.documents, id)
	d.stop()
	a.closing.Go(d.close)
}

// all returns the documents that are open now.
func (a *attachment) all() []*document {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Collect(maps.Values(a.documents))
}

// reply answers a request. A result that is too large for the link becomes an
// error, so that the page does not wait for ever.
func (a *attachment) reply(doc string, id uint64, result any, failure *protocol.Error) {
	data, err := encodeReply(doc, id, result, failure)
	if err == nil && len(data) > link.MaxMessage {
		err = link.ErrTooLarge
	}
	if err != nil {
		a.endpoint.config.Log.Error().Err(err).Msg("cannot encode a reply")
		data, err = encodeReply(doc, id, nil, protocol.NewError(protocol.OperationError, "the result cannot be sent: "+err.Error()))
		if err != nil {
			return
		}
	}
	a.outbox.put(data)
}

// notify sends a notification. One that may be dropped is when much waits.
func (a *attachment) notify(doc string, method protocol.Method, params any, mayDrop bool) {
	data, err := encodeNotification(doc, method, params)
	if err == nil && len(data) > link.MaxMessage {
		err = link.ErrTooLarge
	}
	switch {
	case err != nil:
		a.endpoint.config.Log.Error().Err(err).Str("method", string(method)).Msg("cannot send a notification")
	case mayDrop:
		a.outbox.offer(data)
	default:
		a.outbox.put(data)
	}
}

func encodeNotification(doc string, method protocol.Method, params any) ([]byte, error) {
	message, err := protocol.NewRequest(doc, 0, method, params)
	if err != nil {
		return nil, err
	}
	return protocol.Encode(message)
}

func encodeReply(doc string, id uint64, result any, failure *protocol.Error) ([]byte, error) {
	reply, err := protocol.NewReply(doc, id, result, failure)
	if err != nil {
		return nil, err
	}
	return protocol.Encode(reply)
}
