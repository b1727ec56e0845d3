package protocol_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	. "nearend/internal/protocol"
)

const goldenFolder = "../../testdata/protocol"

var write = flag.Bool("write", false, "write golden messages for methods that have none")

// golden is a file of testdata/protocol: what one method's messages look like.
// The JavaScript test of the shim reads the same files.
type golden struct {
	// Params and Result name types; Result is empty for a notification.
	Params   string            `json:"params"`
	Result   string            `json:"result"`
	Messages []json.RawMessage `json:"messages"`
}

func TestEveryMethodHasGoldenMessages(t *testing.T) {
	for method, contract := range contracts {
		path := filepath.Join(goldenFolder, string(method)+".json")
		if _, err := os.Stat(path); err != nil && *write {
			if err := os.WriteFile(path, sampleFile(method, contract), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Run(string(method), func(t *testing.T) { checkGolden(t, path, method, contract) })
	}
	paths, err := filepath.Glob(filepath.Join(goldenFolder, "*.json"))
	if err != nil || len(paths) != len(contracts) {
		t.Errorf("%d files for %d methods, %v", len(paths), len(contracts), err)
	}
}

func checkGolden(t *testing.T, path string, method Method, contract contract) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with go test ./internal/protocol -write", err)
	}
	var file golden
	strict(t, data, &file)
	if file.Params != typeName(contract.params) || file.Result != typeName(contract.result) {
		t.Errorf("the file is of %s and %s", file.Params, file.Result)
	}
	params, result := make(map[string]bool), make(map[string]bool)
	for _, raw := range file.Messages {
		message, err := Decode(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		switch {
		case message.Method == method && message.Result == nil && message.Error == nil:
			message.Params = again(t, message.Params, contract.params, params)
			if (message.ID == 0) != (contract.result == nil) {
				t.Errorf("%s: a request has an id, a notification none", raw)
			}
		case message.Method == "" && message.ID != 0 && contract.result != nil:
			if message.Error == nil {
				message.Result = again(t, message.Result, contract.result, result)
			}
		default:
			t.Errorf("%s is neither %s nor its reply", raw, method)
		}
		if encoded, err := Encode(message); err != nil || !bytes.Equal(encoded, raw) {
			t.Errorf("encoded again, %v:\n%s\nit was\n%s", err, encoded, raw)
		}
	}
	expectAllMembers(t, params, contract.params)
	expectAllMembers(t, result, contract.result)
}

// again decodes strictly, notes which members were there, and encodes.
func again(t *testing.T, raw json.RawMessage, typ reflect.Type, members map[string]bool) json.RawMessage {
	t.Helper()
	if raw == nil && typ == reflect.TypeFor[none]() {
		return nil
	}
	value := reflect.New(typ)
	strict(t, raw, value.Interface())
	noteMembers(value.Elem(), "", members)
	message, err := NewReply("", 1, value.Elem().Interface(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return message.Result
}

func strict(t *testing.T, data []byte, target any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}

// noteMembers collects the paths of members that are not zero.
func noteMembers(value reflect.Value, path string, members map[string]bool) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			noteMembers(value.Elem(), path, members)
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		for i := range value.Len() {
			noteMembers(value.Index(i), path, members)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			noteMembers(value.Field(i), path+"."+value.Type().Field(i).Name, members)
		}
		return
	}
	if !value.IsZero() {
		members[path] = true
	}
}

// expectAllMembers fails for members that no message of the file shows.
func expectAllMembers(t *testing.T, seen map[string]bool, typ reflect.Type) {
	t.Helper()
	if typ == nil {
		return
	}
	all := make(map[string]bool)
	noteMembers(sample(typ, "", true), "", all)
	for path := range all {
		if !seen[path] {
			t.Errorf("no message shows %s%s", typ.Name(), path)
		}
	}
}

// typeName is how files name a type.
func typeName(typ reflect.Type) string {
	switch typ {
	case nil:
		return ""
	case reflect.TypeFor[none]():
		return "none"
	default:
		return strings.TrimPrefix(typ.String(), "protocol.")
	}
}
