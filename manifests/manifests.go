// Package manifests holds what browsers are told about Nearend: the native
// messaging manifest, and the extension's id that everything refers to.
// Example policies for administrators are in its folder policies.
package manifests

import (
	_ "embed"
	"encoding/json"
)

// ExtensionID is the id of the extension. It follows from the public key in
// extension/manifest.json: the first 16 bytes of its SHA-256, in hexadecimal
// digits written a to p.
const ExtensionID = "amnmeocbpncjbfalhonmeighmlddbkai"

// ExtensionOrigin is how browsers name the extension to the native messaging
// host, as its first argument.
const ExtensionOrigin = "chrome-extension://" + ExtensionID + "/"

//go:embed com.nearend.nativehost.json
var nativeMessaging []byte

// nativeManifest is a native messaging manifest (Chrome for Developers,
// "Native messaging", section "Native messaging host").
type nativeManifest struct {
	Name           string   `json:"name"`
	Description    string   `json:"description"`
	Path           string   `json:"path"`
	Type           string   `json:"type"`
	AllowedOrigins []string `json:"allowed_origins"`
}

// NativeMessaging returns the native messaging manifest that leads Chrome, Edge
// and Chromium to the program at an absolute path.
func NativeMessaging(program string) ([]byte, error) {
	var manifest nativeManifest
	if err := json.Unmarshal(nativeMessaging, &manifest); err != nil {
		return nil, err
	}
	manifest.Path = program
	text, err := json.MarshalIndent(manifest, "", "  ")
	return append(text, '\n'), err
}
