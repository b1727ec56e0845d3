package logring

import "regexp"

// redactions are applied in order. They err on the side of taking too much.
var redactions = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	// ICE candidates (RFC 8839, section 5.1) and lines of SDP that carry
	// addresses, keys or credentials.
	{regexp.MustCompile(`candidate:[^"\\]*`), "candidate:[redacted]"},
	{regexp.MustCompile(`(a=(?:ice-ufrag|ice-pwd|fingerprint|crypto|ssrc|msid)|[co]=IN|o=)[^"\\]*`), "$1[redacted]"},
	// Members of JSON whose values are secrets.
	{regexp.MustCompile(`(?i)("(?:credential|password|pwd|username|ufrag|usernameFragment|token|sdp|address|ip|label|device|deviceId)"\s*:\s*)"(?:[^"\\]|\\.)*"?`), `$1"[redacted]"`},
	// The user part of a URL, and its query.
	{regexp.MustCompile(`(\w+://)[^/@\s"]+@`), "$1[redacted]@"},
	{regexp.MustCompile(`(\w+:/?/?[^\s"?]+)\?[^\s"]*`), "$1?[redacted]"},
	// Addresses, and the names that browsers put in their place (mDNS).
	{regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`), "[address]"},
	{regexp.MustCompile(`(?i)\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}(?:::?[0-9a-f]{1,4})*\b`), "[address]"},
	{regexp.MustCompile(`(?i)(?:\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?`), "[address]"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}\.local`), "[address]"},
	// The home folder names a person.
	{regexp.MustCompile(`(/home/|/Users/|\\\\Users\\\\)[^/\\"\s]+`), "$1[user]"},
}

// Redact takes addresses, credentials, session descriptions, candidates and
// names of people and devices out of a line of log.
func Redact(line string) string {
	for _, one := range redactions {
		line = one.pattern.ReplaceAllString(line, one.replacement)
	}
	return line
}
