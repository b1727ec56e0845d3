package rig

import (
	"os"
	"path/filepath"

	"nearend/internal/protocol"
	"nearend/manifests"
)

// installManifest writes the native messaging manifest into a profile, where
// Chromium looks before the user's and the system's folders.
func installManifest(profile, binary string) error {
	folder := filepath.Join(profile, "NativeMessagingHosts")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	manifest, err := manifests.NativeMessaging(binary)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, protocol.NativeHostName+".json"), manifest, 0o644)
}
