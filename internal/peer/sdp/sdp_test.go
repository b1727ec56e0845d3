package sdp

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func shapes(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.sdp")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	texts := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(text)
	}
	return texts
}

// TestRoundTrip: what is written reads as the same.
func TestRoundTrip(t *testing.T) {
	for name, text := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			first, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			second, err := Parse(first.String())
			if err != nil {
				t.Fatalf("%v\n%s", err, first)
			}
			second.Lite = first.Lite
			for i, s := range second.Sections {
				s.Bandwidth, s.Formats = first.Sections[i].Bandwidth, first.Sections[i].Formats
				s.HasMSID = first.Sections[i].HasMSID
			}
			if !reflect.DeepEqual(first, second) {
				for i := range first.Sections {
					t.Errorf("section %d\n%+v\n%+v", i, first.Sections[i], second.Sections[i])
				}
			}
		})
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	const head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
	for text, line := range map[string]int{
		"":                     1,
		"hello":                1,
		"v=1\r\n":              1,
		"v=0\r\ns=-\r\n":       3,
		"v=0\r\no=- 1\r\n":     2,
		"v=0\r\nm=audio 9 a 0": 2,
		head + "m=audio 9\r\n": 5,
		head + "m=audio 9 UDP/TLS/RTP/SAVPF 200\r\n":                   5,
		head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=rtpmap:0 PCMU\r\n":  6,
		head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:whatever\r\n": 6,
		head + "a=ice-ufrag:x\r\n":                                     5,
	} {
		_, err := Parse(text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != line {
			t.Errorf("%q: %v, want line %d", text, err, line)
		}
	}
}

func TestWithCandidates(t *testing.T) {
	text := shapes(t)["chromium.sdp"]
	lines := []string{
		"candidate:1 1 udp 2130706431 192.0.2.9 40000 typ host",
		"candidate:2 1 udp 1694498815 203.0.113.9 41000 typ srflx raddr 192.0.2.9 rport 40000",
		"candidate:3 1 tcp 1015021823 203.0.113.10 42000 typ relay",
	}
	got := WithCandidates(text, 0, lines, true)
	for _, want := range []string{"m=audio 41000 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 203.0.113.9\r\n", "a=" + lines[2] + "\r\n", "a=end-of-candidates\r\n"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is not there once in\n%s", want, got)
		}
	}
	session, err := Parse(got)
	if err != nil || len(session.Sections[0].Candidates) != 3 {
		t.Errorf("%v, %+v", err, session)
	}
	if WithCandidates(text, 5, lines, true) != text || WithCandidates(text, 0, nil, false) != text {
		t.Error("the text changed without a reason")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range shapes(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		session, err := Parse(text)
		if err != nil {
			return
		}
		if _, err := Parse(session.String()); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, session)
		}
	})
}
