package sdp

import (
	"fmt"
	"strconv"
	"strings"
)

// SyntaxError says which line of a description is wrong.
type SyntaxError struct {
	// Line counts from 1.
	Line   int
	Reason string
}

// Error implements the error interface. It does not quote the line: lines hold
// addresses and credentials.
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// maxSections and maxLines bound what one description may cost.
const (
	maxSections = 512
	maxLines    = 16384
)

type parser struct {
	session *Session
	section *Section
	level   Security
	// direction is the session-level default (RFC 8866, section 6.7).
	direction string
	line      int
	origin    bool
}

// Parse reads a description. The error is a *SyntaxError.
func Parse(text string) (*Session, error) {
	p := &parser{session: &Session{}, direction: "sendrecv"}
	for line := range strings.SplitSeq(text, "\n") {
		p.line++
		if p.line > maxLines {
			return nil, p.fail("too many lines")
		}
		line = strings.TrimRight(line, "\r")
		if line == "" {
			continue
		}
		if len(line) < 2 || line[1] != '=' {
			return nil, p.fail("expected <type>=<value>")
		}
		if p.line == 1 && line != "v=0" {
			return nil, p.fail("expected v=0")
		}
		if err := p.field(line[0], line[2:]); err != nil {
			return nil, err
		}
	}
	if p.line == 0 || !p.origin {
		return nil, p.fail("no o= line")
	}
	p.finish()
	return p.session, nil
}

func (p *parser) fail(reason string) *SyntaxError { return &SyntaxError{p.line, reason} }

func (p *parser) field(kind byte, value string) error {
	switch kind {
	case 'o':
		return p.originField(value)
	case 'm':
		return p.mediaField(value)
	case 'a':
		name, rest, _ := strings.Cut(value, ":")
		if p.section == nil {
			return p.sessionAttribute(name, rest)
		}
		return p.sectionAttribute(name, rest)
	case 'b':
		p.bandwidth(value)
		return nil
	case 'v', 's', 't', 'c', 'i', 'u', 'e', 'p', 'r', 'z', 'k':
		return nil
	default:
		if kind < 'a' || kind > 'z' {
			return p.fail("unknown type")
		}
		return nil
	}
}

func (p *parser) originField(value string) error {
	fields := strings.Fields(value)
	if len(fields) != 6 {
		return p.fail("o= needs six fields")
	}
	p.origin = true
	// Gateways write ids beyond 64 bits; nothing depends on them.
	p.session.ID, _ = strconv.ParseUint(fields[1], 10, 64)
	p.session.Version, _ = strconv.ParseUint(fields[2], 10, 64)
	return nil
}

func (p *parser) mediaField(value string) error {
	if !p.origin {
		return p.fail("m= before o=")
	}
	if len(p.session.Sections) == maxSections {
		return p.fail("too many media sections")
	}
	fields := strings.Fields(value)
	if len(fields) < 4 {
		return p.fail("m= needs media, port, protocol and formats")
	}
	port, _, _ := strings.Cut(fields[1], "/")
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return p.fail("bad port")
	}
	p.section = &Section{
		Kind: fields[0], Port: int(number), Proto: fields[2], Formats: fields[3:],
	}
	if p.section.RTP() {
		for _, format := range p.section.Formats {
			pt, err := strconv.ParseUint(format, 10, 7)
			if err != nil {
				return p.fail("bad payload type")
			}
			p.section.Codecs = append(p.section.Codecs, static(uint8(pt)))
		}
	}
	p.session.Sections = append(p.session.Sections, p.section)
	return nil
}

// bandwidth reads b=AS in kilobits with overhead, or b=TIAS (RFC 3890) in bits,
// which wins.
func (p *parser) bandwidth(value string) {
	kind, number, _ := strings.Cut(value, ":")
	n, err := strconv.ParseUint(number, 10, 31)
	if err != nil || p.section == nil {
		return
	}
	switch {
	case kind == "TIAS":
		p.section.Bandwidth = int(n)
	case kind == "AS" && p.section.Bandwidth == 0 && n < 1<<20:
		p.section.Bandwidth = int(n) * 1000
	}
}

// static returns what RFC 3551, section 6, assigns to a payload type.
func static(pt uint8) Codec {
	codec := Codec{PayloadType: pt, Channels: 1, ClockRate: 8000}
	switch pt {
	case 0:
		codec.Name = "PCMU"
	case 8:
		codec.Name = "PCMA"
	case 9:
		codec.Name = "G722"
	case 13:
		codec.Name = "CN"
	default:
		codec.ClockRate = 0
	}
	return codec
}

// finish fills in what a section inherits and drops payload types without an
// encoding name.
func (p *parser) finish() {
	for _, s := range p.session.Sections {
		if s.Ufrag == "" && s.Pwd == "" {
			s.Ufrag, s.Pwd = p.level.Ufrag, p.level.Pwd
		}
		if len(s.Fingerprints) == 0 {
			s.Fingerprints = p.level.clone().Fingerprints
		}
		if s.Setup == "" {
			s.Setup = p.level.Setup
		}
		if s.Direction == "" {
			s.Direction = p.direction
		}
		known := s.Codecs[:0]
		for _, codec := range s.Codecs {
			if codec.Name != "" {
				known = append(known, codec)
			}
		}
		s.Codecs = known
	}
}
