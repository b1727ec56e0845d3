// Package sdp reads and writes session descriptions (RFC 8866) as far as a
// WebRTC peer connection with audio and data channels uses them (RFC 8829). It
// accepts what gateways really send: no mid, no msid, no ssrc, no BUNDLE group.
//
// The package is pure: text in, values out, and back.
package sdp
