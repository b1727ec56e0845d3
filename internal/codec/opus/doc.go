// Package opus codes Opus (RFC 6716) with libopus, which is linked statically.
package opus
