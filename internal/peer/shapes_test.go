package peer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// TestShapes answers offers as browsers and gateways write them.
func TestShapes(t *testing.T) {
	cases := []struct {
		file string
		// sections are kind and whether it is accepted, in order.
		sections []string
		// codecs are the first section's answer.
		codecs []string
		setup  string
		// bundled and named say what the answer repeats.
		bundled, named bool
		streams        []string
	}{
		{"chromium.sdp", []string{"audio"}, []string{"opus", "G722", "PCMU", "PCMA", "telephone-event", "telephone-event"}, "active", true, true, []string{"stream1"}},
		{"chromium-video.sdp", []string{"audio", "video", "application"}, []string{"opus", "telephone-event"}, "active", true, true, []string{"-"}},
		{"firefox.sdp", []string{"audio"}, []string{"opus", "G722", "PCMU", "PCMA", "telephone-event"}, "active", true, true, []string{"{s}"}},
		{"janus.sdp", []string{"audio"}, []string{"opus"}, "active", true, true, []string{"janus"}},
		{"asterisk.sdp", []string{"audio"}, []string{"opus", "PCMU", "PCMA", "telephone-event"}, "active", false, false, []string{"default"}},
		{"rtpengine.sdp", []string{"audio"}, []string{"PCMA", "PCMU", "telephone-event"}, "passive", false, false, []string{"default"}},
		{"freeswitch.sdp", []string{"audio"}, []string{"opus", "PCMU", "PCMA", "telephone-event"}, "active", false, false, []string{"fsStream"}},
		{"unbundled.sdp", []string{"audio", "!audio"}, []string{"PCMU"}, "active", false, true, []string{"default"}},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			p := newPage(t, protocol.Configuration{})
			p.addTrack("t1")
			p.setRemote("offer", string(text))
			answer := p.createAnswer()
			p.setLocal("answer", answer)
			session, failure := sdp.Parse(answer)
			if failure != nil {
				t.Fatal(failure)
			}
			var sections []string
			for _, s := range session.Sections {
				kind := s.Kind
				if s.Rejected() {
					kind = "!" + kind
				}
				sections = append(sections, kind)
			}
			if !slices.Equal(sections, c.sections) {
				t.Errorf("sections %v", sections)
			}
			first := session.Sections[0]
			var codecs []string
			for _, codec := range first.Codecs {
				codecs = append(codecs, codec.Name)
			}
			if !slices.Equal(codecs, c.codecs) {
				t.Errorf("codecs %v", codecs)
			}
			if first.Setup != c.setup || session.Bundled != c.bundled || (first.MID != "") != c.named {
				t.Errorf("setup %s, bundled %t, mid %q", first.Setup, session.Bundled, first.MID)
			}
			if !first.RTCPMux || first.Direction != "sendrecv" || first.Ufrag == "" || len(first.Fingerprints) != 1 {
				t.Errorf("section %+v", first)
			}
			view := p.transceiver("t1")
			streams := view.Receiver.Streams
			if len(streams) == 0 {
				streams = []string{"-"}
			}
			if !slices.Equal(streams, c.streams) || *view.CurrentDirection != "sendrecv" {
				t.Errorf("streams %v, direction %s", streams, *view.CurrentDirection)
			}
			for _, other := range p.view().Transceivers.List[1:] {
				if other.Kind == "video" && (*other.CurrentDirection != "inactive" || *other.FiredDirection != "inactive") {
					t.Errorf("video is not inactive: %+v", other)
				}
			}
		})
	}
}

func TestUnusableOffersSayWhy(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "asterisk.sdp"))
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	for what, c := range map[string]struct{ old, new, says string }{
		"no rtcp-mux":    {"a=rtcp-mux\r\n", "", "rtcp-mux"},
		"no ICE":         {"a=ice-ufrag:5d2d4b4c0a1d7f6e\r\n", "", "ice-ufrag"},
		"no fingerprint": {"a=fingerprint:", "a=x-fingerprint:", "fingerprint"},
		"SDES":           {"a=fingerprint:", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\na=x:", "SDES"},
	} {
		t.Run(what, func(t *testing.T) {
			p := newPage(t, protocol.Configuration{})
			bad := strings.Replace(good, c.old, c.new, 1)
			if bad == good {
				t.Fatal("nothing was changed")
			}
			err := p.refused(protocol.InvalidAccessError, protocol.PCSetRemoteDescription, describe("offer", bad))
			if !strings.Contains(err.Message, c.says) {
				t.Errorf("message %q", err.Message)
			}
			if p.view().States.Signaling != "stable" || len(p.view().Transceivers.List) != 0 {
				t.Error("the refused offer left something behind")
			}
		})
	}
}

// plain removes what gateways do not write.
func plain(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		drop := false
		for _, prefix := range []string{"a=mid:", "a=group:", "a=msid", "a=ssrc", "a=extmap", "a=ice-options", "a=rtcp-rsize", "a=rtcp-fb"} {
			drop = drop || strings.HasPrefix(line, prefix)
		}
		if !drop {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestAnswerWithoutNamesOrSources(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypePCMA)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", plain(f.answer(p.localSDP())))
	p.connected()
	f.talk()
	p.received("t1")
	talk(t, p.media.sender(0))
	f.hear()
	if got := p.transceiver("t1").Receiver.Streams; !slices.Equal(got, []string{"default"}) {
		t.Errorf("streams %v", got)
	}
}

func TestOfferWithoutNamesOrSources(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypePCMA)
	p.addTrack("t1")
	offer := f.offer(nil)
	p.setRemote("offer", plain(offer))
	p.setLocal("answer", p.createAnswer())
	answer := p.localSDP()
	if strings.Contains(answer, "a=mid") || strings.Contains(answer, "a=group") {
		t.Errorf("the answer has names:\n%s", answer)
	}
	// The far end's library needs the names that a gateway does not.
	answer = strings.Replace(answer, "a=setup", "a=mid:0\r\na=setup", 1)
	answer = strings.Replace(answer, "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE 0\r\n", 1)
	f.accept(answer)
	p.connected()
	f.talk()
	p.received("t1")
	talk(t, p.media.sender(0))
	f.hear()
}

func TestEditedOfferIsHonoured(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypePCMA)
	p.addTransceiver("t1", "sendrecv")
	offer := p.createOffer()
	var lines []string
	for line := range strings.Lines(offer) {
		switch {
		case strings.HasPrefix(line, "m=audio"):
			line = "m=audio 9 UDP/TLS/RTP/SAVPF 8 126\r\n"
		case strings.HasPrefix(line, "a=rtpmap:") || strings.HasPrefix(line, "a=fmtp:") || strings.HasPrefix(line, "a=rtcp-fb:"):
			if !strings.Contains(line, ":8 ") && !strings.Contains(line, ":126 ") {
				continue
			}
		}
		lines = append(lines, line)
	}
	edited := strings.Join(lines, "") + "a=x-page:1\r\n"
	p.setLocal("offer", edited)
	shown := p.localSDP()
	if !strings.Contains(shown, "a=x-page:1") || !strings.Contains(shown, "m=audio") || strings.Contains(shown, "opus") {
		t.Errorf("shown\n%s", shown)
	}
	answer := f.answer(shown)
	answer = strings.Replace(answer, "a=sendrecv", "a=ptime:30\r\nb=TIAS:32000\r\na=sendrecv", 1)
	p.setRemote("answer", answer)
	p.connected()
	got := p.media.sender(0).view()
	if got.codec.MimeType != "audio/PCMA" || got.packetTime.Milliseconds() != 30 || got.maxBitrate != 32000 {
		t.Errorf("sender %+v", got)
	}
	if got.events == nil || got.events.PayloadType != 126 {
		t.Errorf("events %+v", got.events)
	}
}

func TestRemoteParametersReachTheEncoder(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	answer := strings.Replace(f.answer(p.localSDP()), "useinbandfec=1", "useinbandfec=1;maxaveragebitrate=20000", 1)
	p.setRemote("answer", answer)
	if got := p.media.sender(0).view().codec.Fmtp; !strings.Contains(got, "maxaveragebitrate=20000") {
		t.Errorf("fmtp %q", got)
	}
}
