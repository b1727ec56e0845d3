package protocol

import (
	"errors"
	"testing"
)

func TestDecodeTakesExactNamesOnly(t *testing.T) {
	message, err := Decode([]byte(`{"doc":"1","Doc":"2","DOC":"3","id":4,"ID":5,"method":"pc.close","later":{"x":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	if message.Doc != "1" || message.ID != 4 || message.Method != PCClose {
		t.Fatalf("decoded %+v", message)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, data := range []string{
		``, `{`, `[]`, `"x"`, `1`, `{"id":-1}`, `{"id":1.5}`, `{"id":"1"}`, `{"doc":1}`, `{"method":{}}`,
		`{"id":1}{"id":2}`, `{"error":"x"}`, `{"id":18446744073709551616}`,
	} {
		if _, err := Decode([]byte(data)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func TestReplies(t *testing.T) {
	tests := []struct {
		result  any
		failure *Error
		want    string
	}{
		{nil, nil, `{"doc":"d","id":7,"result":{}}`},
		{LogsResult{Lines: []string{"<a> & b"}}, nil, `{"doc":"d","id":7,"result":{"lines":["<a> & b"]}}`},
		{LogsResult{}, NewError(TypeError, "no"), `{"doc":"d","id":7,"error":{"name":"TypeError","message":"no"}}`},
	}
	for _, test := range tests {
		reply, err := NewReply("d", 7, test.result, test.failure)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Encode(reply); err != nil || string(got) != test.want {
			t.Errorf("got %s, %v; want %s", got, err, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"doc":"1","id":4,"method":"pc.close","params":{"pc":"p1"}}`))
	f.Add([]byte(`{"id":4,"error":{"name":"TypeError","message":"x"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		message, err := Decode(data)
		if err != nil {
			return
		}
		encoded, err := Encode(message)
		if err != nil {
			t.Fatalf("decoded message does not encode: %v", err)
		}
		if _, err := Decode(encoded); err != nil {
			t.Fatalf("encoded message does not decode: %v", err)
		}
	})
}
