package sdp

import (
	"fmt"
	"strconv"
	"strings"
)

// String writes the description with CRLF line ends. Sections carry their own
// ICE and DTLS attributes, as browsers write them.
func (s *Session) String() string {
	var b strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\r\n")
	}
	line("v=0")
	line("o=- %d %d IN IP4 127.0.0.1", s.ID, s.Version)
	line("s=-")
	line("t=0 0")
	if s.Bundled {
		line("%s", strings.TrimRight("a=group:BUNDLE "+strings.Join(s.Bundle, " "), " "))
	}
	if s.ExtmapAllowMixed {
		line("a=extmap-allow-mixed")
	}
	line("a=msid-semantic: WMS%s", streamNames(s.Sections))
	for _, section := range s.Sections {
		section.write(line, s.Trickle)
	}
	return b.String()
}

func streamNames(sections []*Section) string {
	var names strings.Builder
	seen := map[string]bool{}
	for _, section := range sections {
		for _, stream := range section.Streams {
			if !seen[stream] {
				seen[stream] = true
				names.WriteString(" " + stream)
			}
		}
	}
	return names.String()
}

func (s *Section) write(line func(string, ...any), trickle bool) {
	line("m=%s %d %s %s", s.Kind, s.Port, s.Proto, strings.Join(s.formats(), " "))
	line("c=IN IP4 0.0.0.0")
	if s.RTP() && !s.Rejected() {
		line("a=rtcp:9 IN IP4 0.0.0.0")
	}
	for _, candidate := range s.Candidates {
		line("a=%s", candidate)
	}
	if s.EndOfCandidates {
		line("a=end-of-candidates")
	}
	if s.Ufrag != "" && s.Pwd != "" {
		line("a=ice-ufrag:%s", s.Ufrag)
		line("a=ice-pwd:%s", s.Pwd)
		if trickle {
			line("a=ice-options:trickle")
		}
	}
	for _, f := range s.Fingerprints {
		line("a=fingerprint:%s %s", f.Algorithm, f.Value)
	}
	if s.Setup != "" {
		line("a=setup:%s", s.Setup)
	}
	if s.MID != "" && !s.NoMID {
		line("a=mid:%s", s.MID)
	}
	if s.BundleOnly {
		line("a=bundle-only")
	}
	if s.RTP() {
		s.writeRTP(line)
	}
	if s.SCTPPort != 0 {
		line("a=sctp-port:%d", s.SCTPPort)
	}
	if s.HasMaxMessageSize {
		line("a=max-message-size:%d", s.MaxMessageSize)
	}
}

func (s *Section) formats() []string {
	if !s.RTP() || len(s.Codecs) == 0 {
		return s.Formats
	}
	formats := make([]string, len(s.Codecs))
	for i, codec := range s.Codecs {
		formats[i] = strconv.Itoa(int(codec.PayloadType))
	}
	return formats
}

func (s *Section) writeRTP(line func(string, ...any)) {
	for _, e := range s.Extensions {
		if e.Direction != "" {
			line("a=extmap:%d/%s %s", e.ID, e.Direction, e.URI)
		} else {
			line("a=extmap:%d %s", e.ID, e.URI)
		}
	}
	line("a=%s", s.Direction)
	if s.Sends() && s.Track != "" {
		if len(s.Streams) == 0 {
			line("a=msid:- %s", s.Track)
		}
		for _, stream := range s.Streams {
			line("a=msid:%s %s", stream, s.Track)
		}
	}
	if s.RTCPMux {
		line("a=rtcp-mux")
	}
	if s.RTCPReducedSize {
		line("a=rtcp-rsize")
	}
	for _, c := range s.Codecs {
		channels := ""
		if c.Channels > 1 {
			channels = "/" + strconv.Itoa(int(c.Channels))
		}
		line("a=rtpmap:%d %s/%d%s", c.PayloadType, c.Name, c.ClockRate, channels)
		for _, feedback := range c.Feedback {
			line("a=rtcp-fb:%d %s", c.PayloadType, feedback)
		}
		if c.Fmtp != "" {
			line("a=fmtp:%d %s", c.PayloadType, c.Fmtp)
		}
	}
	if s.PTime > 0 {
		line("a=ptime:%d", s.PTime)
	}
	if s.MaxPTime > 0 {
		line("a=maxptime:%d", s.MaxPTime)
	}
	for _, ssrc := range s.SSRCs {
		line("a=ssrc:%d cname:%s", ssrc, s.CNAME)
		if s.Track != "" {
			stream := "-"
			if len(s.Streams) > 0 {
				stream = s.Streams[0]
			}
			line("a=ssrc:%d msid:%s %s", ssrc, stream, s.Track)
		}
	}
}
