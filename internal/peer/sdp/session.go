package sdp

// Session is a session description.
type Session struct {
	// ID and Version are of the o= line.
	ID, Version uint64
	// Bundle lists the mids of the first BUNDLE group (RFC 9143); Bundled says
	// that there was one.
	Bundle  []string
	Bundled bool
	// Lite is a=ice-lite, Trickle is ice-options:trickle anywhere.
	Lite, Trickle bool
	// ExtmapAllowMixed is a=extmap-allow-mixed (RFC 8285).
	ExtmapAllowMixed bool
	// Sections are the m= sections in order.
	Sections []*Section
}

// Fingerprint is a=fingerprint (RFC 8122): a hash function in lower case and
// upper-case hexadecimal bytes with colons.
type Fingerprint struct {
	Algorithm, Value string
}

// Security is what a DTLS transport needs to know of one side. The session
// level is copied into each section that does not say otherwise.
type Security struct {
	Ufrag, Pwd   string
	Fingerprints []Fingerprint
	// Setup is "active", "passive", "actpass", "holdconn" or "".
	Setup string
}

// ByMID returns the section with the given mid, or nil.
func (s *Session) ByMID(mid string) *Section {
	for _, section := range s.Sections {
		if section.MID == mid {
			return section
		}
	}
	return nil
}

// InBundle says whether the BUNDLE group names mid.
func (s *Session) InBundle(mid string) bool {
	for _, m := range s.Bundle {
		if m == mid {
			return true
		}
	}
	return false
}
