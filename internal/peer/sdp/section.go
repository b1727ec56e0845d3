package sdp

import "slices"

// Section is one m= section. Zero values mean that the attribute was absent.
type Section struct {
	// Kind is "audio", "video", "application" or another media name.
	Kind string
	Port int
	// Proto is for example "UDP/TLS/RTP/SAVPF".
	Proto string
	// Formats are the formats of the m= line as written.
	Formats []string
	// MID names the section. NoMID says that the far end gave it no name and
	// MID is our own, not to be written.
	MID   string
	NoMID bool
	Security
	// BundleOnly is a=bundle-only (RFC 9143, section 6).
	BundleOnly bool
	// Direction is "sendrecv", "sendonly", "recvonly" or "inactive".
	Direction       string
	RTCPMux         bool
	RTCPMuxOnly     bool
	RTCPReducedSize bool
	Codecs          []Codec
	PTime, MaxPTime int
	// Bandwidth is b=TIAS or b=AS in bits a second.
	Bandwidth  int
	Extensions []Extension
	Streams    []string
	Track      string
	// HasMSID says that an msid was signalled, even if "-".
	HasMSID           bool
	SSRCs             []uint32
	CNAME             string
	Candidates        []string
	EndOfCandidates   bool
	SCTPPort          int
	MaxMessageSize    int
	HasMaxMessageSize bool
	// Crypto says that SRTP keys are offered in the SDP (RFC 4568).
	Crypto bool
}

// Codec is one payload type of an RTP section.
type Codec struct {
	PayloadType uint8
	// Name is the encoding name as written: "opus".
	Name      string
	ClockRate uint32
	// Channels is 1 when the rtpmap names none.
	Channels uint16
	Fmtp     string
	Feedback []string
}

// Extension is a=extmap (RFC 8285).
type Extension struct {
	ID  int
	URI string
	// Direction is empty for sendrecv.
	Direction string
}

// Rejected says that the section is refused or disabled: port zero and not
// bundle-only (RFC 8829, section 5.3.1).
func (s *Section) Rejected() bool { return s.Port == 0 && !s.BundleOnly }

// RTP says whether the section carries audio or video.
func (s *Section) RTP() bool { return s.Kind == "audio" || s.Kind == "video" }

// ExtensionID returns the id of a header extension, or zero.
func (s *Section) ExtensionID(uri string) uint8 {
	for _, e := range s.Extensions {
		if e.URI == uri && e.ID > 0 && e.ID < 15 {
			return uint8(e.ID)
		}
	}
	return 0
}

// Sends and Receives say what Direction means for the describing side.
func (s *Section) Sends() bool { return s.Direction == "sendrecv" || s.Direction == "sendonly" }

// Receives says whether the describing side wants to receive.
func (s *Section) Receives() bool { return s.Direction == "sendrecv" || s.Direction == "recvonly" }

// clone copies the slices that parsing may still change.
func (s Security) clone() Security {
	s.Fingerprints = slices.Clone(s.Fingerprints)
	return s
}
