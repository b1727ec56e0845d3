// Package protocol defines the messages that travel between a redirected
// page and the endpoint, and nothing else: types, method names, error codes,
// limits and the version. It performs no input or output and knows no WebRTC
// library.
//
// The Go types here are the one definition. The protogen generator reads their
// source and writes protocol.gen.js for the shim and the extension. The prose
// is in PROTOCOL.md beside this file.
package protocol

//go:generate go run ./protogen ../../shim/protocol.gen.js ../../extension/protocol.gen.js
