package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"nearend/internal/protocol"
)

// maxReference bounds the name of something that exists: two minted ids and
// the prefix of protocol.ReceiverTrackID.
const maxReference = 2*protocol.MaxID + 8

// references are the fields that name something.
var references = map[string]bool{
	"PC": true, "Transceiver": true, "Channel": true, "Track": true, "Clone": true,
	"Player": true, "Certificate": true, "SenderOf": true, "ReceiverOf": true,
}

// longStrings are the fields that may be longer than protocol.MaxString.
var longStrings = map[reflect.Type]map[string]int{
	reflect.TypeFor[protocol.Description]():           {"SDP": protocol.MaxSDP},
	reflect.TypeFor[protocol.DataChannelSendParams](): {"Text": protocol.MaxDataChannelMessage},
}

// decode parses params and checks them against the limits. Missing params are
// those with nothing in them.
func decode[P any](raw json.RawMessage) (*P, *protocol.Error) {
	params := new(P)
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, params); err != nil {
			var wrong *json.UnmarshalTypeError
			if errors.As(err, &wrong) && wrong.Field != "" {
				return nil, protocol.NewError(protocol.TypeError, fmt.Sprintf("%s cannot be a %s", wrong.Field, wrong.Value))
			}
			return nil, protocol.NewError(protocol.TypeError, "params have the wrong type")
		}
	}
	if failure := check(reflect.ValueOf(params).Elem(), "", 0); failure != nil {
		return nil, failure
	}
	return params, nil
}

// check walks params. Limit is the bound for a string at this place, zero for
// the usual one.
func check(value reflect.Value, name string, limit int) *protocol.Error {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return nil
		}
		return check(value.Elem(), name, limit)
	case reflect.String:
		if limit == 0 {
			limit = protocol.MaxString
		}
		if value.Len() > limit {
			return tooMuch(name, value.Len(), limit)
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			if value.Len() > protocol.MaxDataChannelMessage {
				return tooMuch(name, value.Len(), protocol.MaxDataChannelMessage)
			}
			return nil
		}
		if value.Len() > protocol.MaxListItems {
			return tooMuch(name, value.Len(), protocol.MaxListItems)
		}
		for i := range value.Len() {
			if failure := check(value.Index(i), name, limit); failure != nil {
				return failure
			}
		}
	case reflect.Struct:
		return checkFields(value)
	}
	return nil
}

func checkFields(value reflect.Value) *protocol.Error {
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if references[field.Name] && (options != "omitempty" || value.Field(i).Len() > 0) {
			if failure := checkReference(name, value.Field(i).String()); failure != nil {
				return failure
			}
			continue
		}
		if failure := check(value.Field(i), name, longStrings[value.Type()][field.Name]); failure != nil {
			return failure
		}
	}
	return nil
}

// checkReference checks what names something: printable ASCII.
func checkReference(name, id string) *protocol.Error {
	if id == "" {
		return protocol.NewError(protocol.TypeError, name+" is missing")
	}
	if len(id) > maxReference {
		return tooMuch(name, len(id), maxReference)
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return protocol.NewError(protocol.TypeError, name+" has a character that is not allowed")
		}
	}
	return nil
}

// checkMinted checks an id that a page chose: letters, digits and -_.{}, so
// that it can be no id of the endpoint's, which all contain a colon.
func checkMinted(name, id string) *protocol.Error {
	if failure := checkReference(name, id); failure != nil {
		return failure
	}
	if len(id) > protocol.MaxID {
		return tooMuch(name, len(id), protocol.MaxID)
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.{}", c) >= 0:
		default:
			return protocol.NewError(protocol.TypeError, name+" has a character that is not allowed")
		}
	}
	return nil
}

func tooMuch(name string, length, limit int) *protocol.Error {
	return protocol.NewError(protocol.TypeError, fmt.Sprintf("%s is too long: %d, at most %d are allowed", name, length, limit))
}
