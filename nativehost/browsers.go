package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// browser says where one browser looks for native messaging manifests on
// Linux (Chrome and Edge: "Native messaging host location").
type browser struct {
	name string
	// user is below the user's settings folder, system is absolute.
	user, system string
	// programs are the names it has in PATH.
	programs []string
}

// browsers are the ones that install knows.
var browsers = []browser{
	{"chrome", "google-chrome", "/etc/opt/chrome/native-messaging-hosts", []string{"google-chrome", "google-chrome-stable"}},
	{"edge", "microsoft-edge", "/etc/opt/edge/native-messaging-hosts", []string{"microsoft-edge", "microsoft-edge-stable"}},
	{"chromium", "chromium", "/etc/chromium/native-messaging-hosts", []string{"chromium", "chromium-browser"}},
}

// manifestFolder is a folder for manifests and the browser that reads it.
type manifestFolder struct {
	browser, path string
}

// folder is where this browser looks, for this user or for all.
func (b browser) folder(system bool) (manifestFolder, error) {
	if system {
		return manifestFolder{b.name, b.system}, nil
	}
	settings, err := os.UserConfigDir()
	if err != nil {
		return manifestFolder{}, fmt.Errorf("no folder for settings: %w", err)
	}
	return manifestFolder{b.name, filepath.Join(settings, b.user, "NativeMessagingHosts")}, nil
}

// present tells whether the browser is on this machine, or, for a user, has
// ever been used.
func (b browser) present(system bool) bool {
	for _, program := range b.programs {
		if _, err := exec.LookPath(program); err == nil {
			return true
		}
	}
	if system {
		return false
	}
	settings, err := os.UserConfigDir()
	if err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(settings, b.user))
	return err == nil
}

func browserNames() []string {
	names := make([]string, len(browsers))
	for i, b := range browsers {
		names[i] = b.name
	}
	return names
}
