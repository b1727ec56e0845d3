package sdp

import (
	"slices"
	"strconv"
	"strings"
)

func (p *parser) sessionAttribute(name, value string) error {
	switch name {
	case "group":
		if fields := strings.Fields(value); len(fields) > 0 && fields[0] == "BUNDLE" && !p.session.Bundled {
			p.session.Bundled = true
			p.session.Bundle = fields[1:]
		}
	case "ice-lite":
		p.session.Lite = true
	case "extmap-allow-mixed":
		p.session.ExtmapAllowMixed = true
	case "sendrecv", "sendonly", "recvonly", "inactive":
		p.direction = name
	default:
		return p.securityAttribute(&p.level, name, value)
	}
	return nil
}

// securityAttribute reads attributes that may stand at either level.
func (p *parser) securityAttribute(to *Security, name, value string) error {
	switch name {
	case "ice-ufrag":
		if len(value) < 4 || len(value) > 256 || strings.ContainsAny(value, " \t") {
			return p.fail("bad ice-ufrag")
		}
		to.Ufrag = value
	case "ice-pwd":
		if len(value) < 22 || len(value) > 256 || strings.ContainsAny(value, " \t") {
			return p.fail("bad ice-pwd")
		}
		to.Pwd = value
	case "ice-options":
		if slices.Contains(strings.Fields(value), "trickle") {
			p.session.Trickle = true
		}
	case "fingerprint":
		fields := strings.Fields(value)
		if len(fields) != 2 {
			return p.fail("bad fingerprint")
		}
		to.Fingerprints = append(to.Fingerprints, Fingerprint{strings.ToLower(fields[0]), strings.ToUpper(fields[1])})
	case "setup":
		switch value {
		case "active", "passive", "actpass", "holdconn":
			to.Setup = value
		default:
			return p.fail("bad setup")
		}
	}
	return nil
}

func (p *parser) sectionAttribute(name, value string) error {
	s := p.section
	switch name {
	case "mid":
		if value == "" || strings.ContainsAny(value, " \t") {
			return p.fail("bad mid")
		}
		s.MID = value
	case "sendrecv", "sendonly", "recvonly", "inactive":
		s.Direction = name
	case "bundle-only":
		s.BundleOnly = true
	case "rtcp-mux":
		s.RTCPMux = true
	case "rtcp-mux-only":
		s.RTCPMuxOnly, s.RTCPMux = true, true
	case "rtcp-rsize":
		s.RTCPReducedSize = true
	case "crypto":
		s.Crypto = true
	case "rtpmap":
		return p.rtpmap(value)
	case "fmtp":
		p.eachCodec(value, func(c *Codec, rest string) { c.Fmtp = rest })
	case "rtcp-fb":
		p.eachCodec(value, func(c *Codec, rest string) { c.Feedback = append(c.Feedback, rest) })
	case "ptime":
		s.PTime = packetTime(value)
	case "maxptime":
		s.MaxPTime = packetTime(value)
	case "extmap":
		return p.extmap(value)
	case "msid":
		p.msid(value)
	case "ssrc":
		return p.ssrc(value)
	case "candidate":
		s.Candidates = append(s.Candidates, "candidate:"+value)
	case "end-of-candidates":
		s.EndOfCandidates = true
	case "sctp-port":
		return p.number(value, &s.SCTPPort, 65535, "bad sctp-port")
	case "sctpmap":
		// The form before RFC 8841: "5000 webrtc-datachannel 1024".
		port, _, _ := strings.Cut(value, " ")
		return p.number(port, &s.SCTPPort, 65535, "bad sctpmap")
	case "max-message-size":
		s.HasMaxMessageSize = true
		return p.number(value, &s.MaxMessageSize, 1<<40, "bad max-message-size")
	default:
		return p.securityAttribute(&s.Security, name, value)
	}
	return nil
}

func (p *parser) number(value string, to *int, limit uint64, reason string) error {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return p.fail(reason)
	}
	*to = int(min(n, limit))
	return nil
}

// packetTime reads milliseconds and ignores what is not a plausible number, as
// gateways write "20.0".
func packetTime(value string) int {
	ms, err := strconv.ParseFloat(value, 64)
	if err != nil || !(ms >= 1 && ms <= 1000) {
		return 0
	}
	return int(ms)
}

func (p *parser) rtpmap(value string) error {
	number, encoding, _ := strings.Cut(value, " ")
	pt, err := strconv.ParseUint(number, 10, 7)
	if err != nil {
		return p.fail("bad rtpmap")
	}
	parts := strings.Split(strings.TrimSpace(encoding), "/")
	if len(parts) < 2 || len(parts) > 3 || parts[0] == "" {
		return p.fail("bad rtpmap")
	}
	rate, err := strconv.ParseUint(parts[1], 10, 32)
	if err != nil || rate == 0 {
		return p.fail("bad clock rate")
	}
	channels := uint64(1)
	if len(parts) == 3 {
		// Video gateways write encoding parameters that are no channel count.
		if n, err := strconv.ParseUint(parts[2], 10, 8); err == nil && n > 0 {
			channels = n
		}
	}
	for i := range p.section.Codecs {
		if c := &p.section.Codecs[i]; c.PayloadType == uint8(pt) {
			c.Name, c.ClockRate, c.Channels = parts[0], uint32(rate), uint16(channels)
		}
	}
	return nil
}

// eachCodec applies an attribute "<payload type or *> <rest>".
func (p *parser) eachCodec(value string, apply func(*Codec, string)) {
	number, rest, _ := strings.Cut(value, " ")
	pt, err := strconv.ParseUint(number, 10, 7)
	if err != nil && number != "*" {
		return
	}
	for i := range p.section.Codecs {
		if c := &p.section.Codecs[i]; number == "*" || c.PayloadType == uint8(pt) {
			apply(c, strings.TrimSpace(rest))
		}
	}
}

func (p *parser) extmap(value string) error {
	fields := strings.Fields(value)
	if len(fields) < 2 {
		return p.fail("bad extmap")
	}
	number, direction, _ := strings.Cut(fields[0], "/")
	id, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return p.fail("bad extmap")
	}
	p.section.Extensions = append(p.section.Extensions, Extension{int(id), fields[1], direction})
	return nil
}

// msid reads "stream [track]" (RFC 8830); "-" is no stream.
func (p *parser) msid(value string) {
	fields := strings.Fields(value)
	if len(fields) == 0 {
		return
	}
	p.section.HasMSID = true
	if fields[0] != "-" && !slices.Contains(p.section.Streams, fields[0]) {
		p.section.Streams = append(p.section.Streams, fields[0])
	}
	if len(fields) > 1 && p.section.Track == "" {
		p.section.Track = fields[1]
	}
}

// ssrc reads a=ssrc (RFC 5576) with the msid that endpoints before RFC 8830
// put there.
func (p *parser) ssrc(value string) error {
	number, attribute, _ := strings.Cut(value, " ")
	id, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return p.fail("bad ssrc")
	}
	s := p.section
	if !slices.Contains(s.SSRCs, uint32(id)) {
		s.SSRCs = append(s.SSRCs, uint32(id))
	}
	switch name, rest, _ := strings.Cut(attribute, ":"); name {
	case "cname":
		s.CNAME = rest
	case "msid":
		p.msid(rest)
	}
	return nil
}
