package nativemsg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func TestMessagesComeBackWhole(t *testing.T) {
	var stream bytes.Buffer
	writer := NewWriter(&stream, 1<<20)
	sent := []string{`{}`, "", strings.Repeat("x", 1<<20), `{"a":"ü"}`}
	for _, message := range sent {
		if err := writer.Write([]byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	reader := NewReader(iotest.OneByteReader(&stream), 1<<20)
	for _, want := range sent {
		got, err := reader.Read()
		if err != nil || string(got) != want {
			t.Fatalf("read %d bytes, %v; want %d", len(got), err, len(want))
		}
	}
	if _, err := reader.Read(); err != io.EOF {
		t.Fatalf("at the end: %v, want EOF", err)
	}
}

func TestLengthIsLittleEndian(t *testing.T) {
	var stream bytes.Buffer
	if err := NewWriter(&stream, 1000).Write(make([]byte, 258)); err != nil {
		t.Fatal(err)
	}
	if header := stream.Bytes()[:4]; !bytes.Equal(header, []byte{2, 1, 0, 0}) {
		t.Fatalf("header %v", header)
	}
}

func TestTooLargeMessageIsPassedOver(t *testing.T) {
	var stream bytes.Buffer
	writer := NewWriter(&stream, 100)
	for _, message := range []string{strings.Repeat("x", 11), "next"} {
		if err := writer.Write([]byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	reader := NewReader(&stream, 10)
	if _, err := reader.Read(); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("got %v, want ErrTooLarge", err)
	}
	if got, err := reader.Read(); err != nil || string(got) != "next" {
		t.Fatalf("after it: %q, %v", got, err)
	}
}

func TestWriterRefusesTooLargeAndGoesOn(t *testing.T) {
	var stream bytes.Buffer
	writer := NewWriter(&stream, 10)
	if err := writer.Write(make([]byte, 11)); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("got %v, want ErrTooLarge", err)
	}
	if stream.Len() != 0 {
		t.Fatal("part of a refused message was written")
	}
	if err := writer.Write(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	tests := map[string]struct {
		input []byte
		want  error
	}{
		"half a header":    {[]byte{1, 0}, ErrTruncated},
		"half a message":   {[]byte{4, 0, 0, 0, '{'}, ErrTruncated},
		"half a large one": {append([]byte{0, 1, 0, 0}, make([]byte, 20)...), ErrTooLarge},
		"four gigabytes":   {[]byte{255, 255, 255, 255}, ErrNotNativeMessaging},
		"an HTTP request":  {[]byte("GET / HTTP/1.1\r\n"), ErrNotNativeMessaging},
		"nothing":          {nil, io.EOF},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := NewReader(bytes.NewReader(test.input), 10).Read(); !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
		})
	}
	reader := NewReader(bytes.NewReader(tests["half a large one"].input), 10)
	_, _ = reader.Read()
	if _, err := reader.Read(); !errors.Is(err, ErrTruncated) {
		t.Fatalf("end within a large message: %v, want ErrTruncated", err)
	}
}

func TestWriterStopsAfterAnError(t *testing.T) {
	output := &failingOutput{err: errors.New("broken pipe")}
	writer := NewWriter(output, 100)
	for range 2 {
		if err := writer.Write([]byte("x")); !errors.Is(err, output.err) {
			t.Fatalf("got %v", err)
		}
	}
	if output.calls != 1 {
		t.Fatalf("%d writes reached a broken output", output.calls)
	}
}

func TestConcurrentWritersDoNotInterleave(t *testing.T) {
	var stream bytes.Buffer
	writer := NewWriter(&stream, 1000)
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			for range 50 {
				if err := writer.Write(bytes.Repeat([]byte{byte('a' + i)}, 100+i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	reader := NewReader(&stream, 1000)
	for range 8 * 50 {
		message, err := reader.Read()
		if err != nil {
			t.Fatal(err)
		}
		if len(message) != 100+int(message[0]-'a') || bytes.Count(message, message[:1]) != len(message) {
			t.Fatalf("message of %d bytes starts with %q", len(message), message[0])
		}
	}
}

type failingOutput struct {
	err   error
	calls int
}

func (f *failingOutput) Write([]byte) (int, error) {
	f.calls++
	return 0, f.err
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, '{', '}'})
	f.Add([]byte{255, 255, 255, 255})
	f.Add([]byte{200, 0, 0, 0, 1, 2, 3})
	f.Fuzz(func(t *testing.T, input []byte) {
		const limit = 64
		reader := NewReader(bytes.NewReader(input), limit)
		var again []byte
		for {
			message, err := reader.Read()
			if errors.Is(err, ErrTooLarge) {
				return
			}
			if err != nil {
				if err == io.EOF && !bytes.Equal(again, input) {
					t.Fatalf("messages encode to %x, input was %x", again, input)
				}
				return
			}
			if len(message) > limit {
				t.Fatalf("message of %d bytes is over the limit", len(message))
			}
			again = binary.LittleEndian.AppendUint32(again, uint32(len(message)))
			again = append(again, message...)
		}
	})
}
