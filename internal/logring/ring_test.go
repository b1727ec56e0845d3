package logring

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

var _ io.Writer = (*Ring)(nil)

func TestOldestLinesAreDropped(t *testing.T) {
	var ring Ring
	line := strings.Repeat("x", 1000)
	for i := range 400 {
		fmt.Fprintf(&ring, "%04d %s\n", i, line)
	}
	lines := ring.Lines()
	if !strings.HasPrefix(lines[len(lines)-1], "0399 ") {
		t.Fatalf("the last line is %.10q", lines[len(lines)-1])
	}
	if want := fmt.Sprintf("%04d ", 400-len(lines)); !strings.HasPrefix(lines[0], want) {
		t.Fatalf("the first of %d lines is %.10q", len(lines), lines[0])
	}
	if encoded, err := json.Marshal(lines); err != nil || len(encoded) > 1<<20 {
		t.Fatalf("the lines encode to %d bytes, %v", len(encoded), err)
	}
}

func TestWritesMayHoldSeveralLines(t *testing.T) {
	var ring Ring
	if n, err := ring.Write([]byte("one\n\ntwo\r\nthree")); n != 15 || err != nil {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if got := strings.Join(ring.Lines(), "|"); got != "one|two|three" {
		t.Fatalf("kept %q", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	var ring Ring
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for i := range 100 {
				fmt.Fprintln(&ring, "line", i)
				ring.Lines()
			}
		})
	}
	writers.Wait()
	if got := len(ring.Lines()); got != 400 {
		t.Fatalf("%d lines", got)
	}
}

func TestRedact(t *testing.T) {
	secrets := []string{
		"192.0.2.17", "2001:db8::8a2e:370:7334", "fe80::1", "hunter2", "8hhY", "asd88fgpdd777uzjYhagZg", "maria",
		"9b36eaac-bb2e-49bb-bb78-21c41c499900.local", "Headset of Maria", "2001:db8:1:2:3:4:5:6",
	}
	lines := []string{
		`{"level":"debug","candidate":"candidate:842163049 1 udp 1677729535 192.0.2.17 46154 typ srflx"}`,
		`{"message":"dial udp 192.0.2.17:3478: timeout"}`,
		`{"message":"dial udp [2001:db8::8a2e:370:7334]:3478: no route"}`,
		`{"message":"from fe80::1 and 2001:db8:1:2:3:4:5:6"}`,
		`{"credential":"hunter2","username":"maria"}`,
		`{"sdp":"v=0\r\na=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"}`,
		`{"message":"cannot parse a=ice-ufrag:8hhY"}`,
		`{"message":"cannot parse a=ice-pwd:asd88fgpdd777uzjYhagZg"}`,
		`{"message":"turn://maria:hunter2@turn.example.com?transport=udp"}`,
		`{"message":"open /home/maria/.config/nearend: permission denied"}`,
		`{"message":"host 9b36eaac-bb2e-49bb-bb78-21c41c499900.local"}`,
		`{"device":"Headset of Maria"}`,
		`{"label":"Headset of Maria`,
	}
	for _, line := range lines {
		redacted := Redact(line)
		for _, secret := range secrets {
			if strings.Contains(redacted, secret) {
				t.Errorf("%q is still in %s", secret, redacted)
			}
		}
	}
}

func TestRedactKeepsWhatHelps(t *testing.T) {
	for _, line := range []string{
		`{"level":"info","time":"2026-03-01T10:20:30.123Z","message":"peer connection p1 connected"}`,
		`{"level":"warn","time":"2026-03-01T10:20:30Z","method":"pc.createOffer","duration":12.5,"error":"OperationError: no"}`,
		`{"level":"info","version":"0.1.0","message":"serving document 17:0"}`,
	} {
		if got := Redact(line); got != line {
			t.Errorf("became %s", got)
		}
		if !json.Valid([]byte(Redact(line))) {
			t.Errorf("is no longer JSON: %s", Redact(line))
		}
	}
}
