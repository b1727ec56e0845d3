package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"nearend/manifests"
)

// ExtensionID is the extension's id, which its manifest's key pins.
const ExtensionID = manifests.ExtensionID

// BrowserOptions say how to start Chromium.
type BrowserOptions struct {
	// Extension is the folder of the built extension; empty starts a plain
	// browser, which then serves as native far end or for comparison.
	Extension string
	// NativeHost is the binary that the native messaging manifest names;
	// empty installs no manifest.
	NativeHost string
	// Env is added to this process's environment; the browser passes it on to
	// the native messaging host.
	Env []string
	// GrantMicrophone answers the browser's own permission prompt with yes.
	// Never used for redirected pages.
	GrantMicrophone bool
	// Window opens a visible window instead of running headless.
	Window bool
	// Output takes what the browser and the native messaging host write to
	// stderr; nil discards it.
	Output *os.File
}

// Browser is a running Chromium with a profile of its own.
type Browser struct {
	// Profile is the user data folder.
	Profile string

	ctx    context.Context
	cancel context.CancelFunc
	exited chan struct{}
}

// Launch starts Chromium and waits until it answers. Close it.
func Launch(ctx context.Context, options BrowserOptions) (*Browser, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "nearend-profile-")
	if err != nil {
		return nil, err
	}
	if options.NativeHost != "" {
		if err := installManifest(profile, options.NativeHost); err != nil {
			return nil, err
		}
	}
	b := &Browser{Profile: profile, exited: make(chan struct{})}
	allocator, cancelAllocator := chromedp.NewExecAllocator(ctx, b.flags(path, options)...)
	browser, cancelBrowser := chromedp.NewContext(allocator)
	b.ctx = browser
	b.cancel = func() {
		cancelBrowser()
		cancelAllocator()
	}
	if err := chromedp.Do(browser); err != nil {
		b.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return b, nil
}

// flags avoids what browser drivers add and people do not have: muted audio,
// disabled extensions, an autoplay policy, automation switches.
func (b *Browser) flags(path string, options BrowserOptions) []chromedp.ExecAllocatorOption {
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(b.Profile),
		chromedp.Env(options.Env...),
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-search-engine-choice-screen", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("password-store", "basic"),
		chromedp.WindowSize(1280, 900),
	}
	if os.Getuid() == 0 {
		flags = append(flags, chromedp.NoSandbox)
	}
	if !options.Window {
		flags = append(flags, chromedp.Flag("headless", "new"))
	}
	if options.Extension != "" {
		flags = append(flags, chromedp.Flag("load-extension", options.Extension))
	}
	if options.GrantMicrophone {
		flags = append(flags, chromedp.Flag("use-fake-ui-for-media-stream", true))
	}
	if options.Output != nil {
		flags = append(flags, chromedp.CombinedOutput(options.Output))
	}
	return flags
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	_ = chromedp.Cancel(ctx)
	b.cancel()
	_ = os.RemoveAll(b.Profile)
}

// Version is the browser's name and version.
func (b *Browser) Version() string {
	path, err := findChromium()
	if err != nil {
		return ""
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return ""
	}
	words := strings.Fields(string(out))
	return strings.Join(words[:min(2, len(words))], " ")
}

// targets lists what the browser's debugger sees.
func (b *Browser) targets() ([]*target.Info, error) { return chromedp.Targets(b.ctx) }

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium is installed: run 'make deps'")
}

// Root is the module's folder, found from the working folder upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the source tree: no go.mod above the working folder")
		}
		dir = parent
	}
}
