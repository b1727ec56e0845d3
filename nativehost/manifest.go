package main

import (
	"encoding/json"

	"nearend/internal/protocol"
)

// extensionIDs are the extensions that may start this native messaging host.
// The id of the one of this release follows from the key in its manifest.
var extensionIDs = []string{"amnmeocbpncjbfalhonmeighmlddbkai"}

// allowedOrigins are the origins that browsers pass as an argument.
func allowedOrigins() []string {
	origins := make([]string, len(extensionIDs))
	for i, id := range extensionIDs {
		origins[i] = "chrome-extension://" + id + "/"
	}
	return origins
}

// nativeManifest is a native messaging manifest (Chrome: "Native messaging
// host manifest").
type nativeManifest struct {
	Name           string   `json:"name"`
	Description    string   `json:"description"`
	Path           string   `json:"path"`
	Type           string   `json:"type"`
	AllowedOrigins []string `json:"allowed_origins"`
}

// manifestFor is the manifest that leads a browser to a program.
func manifestFor(program string) ([]byte, error) {
	text, err := json.MarshalIndent(nativeManifest{
		Name:           protocol.NativeHostName,
		Description:    "Nearend: calls redirected to the person's own machine",
		Path:           program,
		Type:           "stdio",
		AllowedOrigins: allowedOrigins(),
	}, "", "  ")
	return append(text, '\n'), err
}
