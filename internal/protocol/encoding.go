package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrMalformed means that a message is not an envelope.
var ErrMalformed = errors.New("malformed message")

// Decode parses an envelope. Members that it does not know are ignored, and
// unlike encoding/json it takes names only as they are written in Message: a
// page must not be able to smuggle in "Doc" beside the "doc" that the service
// worker stamps.
func Decode(data []byte) (*Message, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, fmt.Errorf("%w: it is not a JSON object", ErrMalformed)
	}
	message := &Message{Params: members["params"], Result: members["result"]}
	for _, member := range []struct {
		name   string
		target any
	}{
		{"doc", &message.Doc},
		{"id", &message.ID},
		{"method", &message.Method},
		{"error", &message.Error},
	} {
		value, ok := members[member.name]
		if !ok {
			continue
		}
		if err := json.Unmarshal(value, member.target); err != nil {
			return nil, fmt.Errorf("%w: its member %q has the wrong type", ErrMalformed, member.name)
		}
	}
	return message, nil
}

// Encode renders a message. Unlike json.Marshal it leaves <, > and & as they
// are, as JavaScript does.
func Encode(message *Message) ([]byte, error) {
	return encode(message)
}

// NewRequest returns a request, or with id zero a notification.
func NewRequest(doc string, id uint64, method Method, params any) (*Message, error) {
	encoded, err := encode(params)
	if err != nil {
		return nil, err
	}
	return &Message{Doc: doc, ID: id, Method: method, Params: encoded}, nil
}

// NewReply returns the reply to a request: failure when it is not nil, else
// result, for which nil stands for the empty object.
func NewReply(doc string, id uint64, result any, failure *Error) (*Message, error) {
	if failure != nil {
		return &Message{Doc: doc, ID: id, Error: failure}, nil
	}
	if result == nil {
		return &Message{Doc: doc, ID: id, Result: json.RawMessage("{}")}, nil
	}
	encoded, err := encode(result)
	if err != nil {
		return nil, err
	}
	return &Message{Doc: doc, ID: id, Result: encoded}, nil
}

func encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
