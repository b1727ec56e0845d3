package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"nearend/internal/demo"
	"nearend/internal/protocol"
	"nearend/internal/rig"
)

// The words of the four states.
const (
	wordsOff         = "This site is not redirected"
	wordsReady       = "Ready"
	wordsCall        = "A call is being redirected."
	wordsUnreachable = "Cannot reach the native messaging host"
)

// TestPopup switches a site on and off in the popup, in one browser.
func TestPopup(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	if err := scene.Browser.SetSite(scene.Site.URL(), false); err != nil {
		t.Fatal(err)
	}
	connections := internals(t, scene.Browser)
	page := openPhone(t, scene.Browser, scene.Site, "")
	popup, tab := openPopup(t, scene.Browser, scene.Site.URL())

	expectState(t, popup, tab, wordsOff)
	screenshot(t, popup, "popup-not-redirected")
	run(t, page, `globalThis.native = new RTCPeerConnection()`)
	poll(t, probeTime, func() error { return more(connections.PeerConnections, "native peer connections while switched off") })

	click(t, popup, "#toggle")
	wait(t, popup, `!document.getElementById('reload').hidden`)
	screenshot(t, popup, "popup-reload")
	click(t, popup, "#reload")
	expectState(t, popup, tab, wordsReady)
	screenshot(t, popup, "popup-ready")
	wait(t, page, `globalThis.phone && document.body.dataset.state === 'ready' && !globalThis.native`)
	before := read(t, connections.PeerConnections)
	dialFarEnd(t, scene, page)
	expectState(t, popup, tab, wordsCall)
	screenshot(t, popup, "popup-call")
	// The page's own meter and statistics are alive.
	wait(t, page, `Number(/scaleX\((.*)\)/.exec(document.getElementById('speaker-level').style.transform)?.[1]) > 0.4`)
	wait(t, page, `/opus.*[1-9][0-9]+ packets/.test(document.getElementById('quality').textContent)`)
	screenshot(t, page, "softphone-in-call")
	if after := read(t, connections.PeerConnections); after != before {
		t.Errorf("%d native peer connections although switched on", after-before)
	}
	run(t, page, `phone.hangUp()`)
	expectState(t, popup, tab, wordsReady)

	t.Run("versions", func(t *testing.T) {
		versions, err := scene.Browser.Components()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"extension", "nativehost", "endpoint"} {
			if versions[name] != protocol.Product {
				t.Errorf("%s shows version %q, want %s", name, versions[name], protocol.Product)
			}
		}
	})
	t.Run("logs", func(t *testing.T) {
		bundle := eval[string](t, popup, `new Promise((resolve) => {
			const port = chrome.runtime.connect({ name: 'panel' });
			port.onMessage.addListener(({ bundle }) => bundle && resolve(JSON.stringify(bundle)));
			port.postMessage({ ask: 'collect' });
		})`)
		for _, want := range []string{"extension", "nativehost", "endpoint"} {
			if !strings.Contains(bundle, want) {
				t.Errorf("the collected logs do not mention %s", want)
			}
		}
		for _, secret := range []string{"ice-pwd", "ice-ufrag", "fingerprint", "candidate:"} {
			if strings.Contains(bundle, secret) {
				t.Errorf("the collected logs hold %q", secret)
			}
		}
	})

	click(t, popup, "#toggle")
	click(t, popup, "#reload")
	expectState(t, popup, tab, wordsOff)
	wait(t, page, `globalThis.phone && document.body.dataset.state === 'ready'`)
	before = read(t, connections.PeerConnections)
	run(t, page, `globalThis.native = new RTCPeerConnection()`)
	poll(t, probeTime, func() error {
		if read(t, connections.PeerConnections) == before {
			return fmt.Errorf("still no native peer connections after switching off")
		}
		return nil
	})

	options, err := scene.Browser.OpenExtension("options/options.html")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(options.Close)
	wait(t, options, `document.readyState === 'complete'`)
	screenshot(t, options, "options")
}

// TestPopupWithoutNativeHost: what is said when nothing is installed.
func TestPopupWithoutNativeHost(t *testing.T) {
	extension, _, err := rig.Built()
	if err != nil {
		t.Fatal(err)
	}
	scene := newScene(t, rig.SceneOptions{})
	browser, err := rig.Launch(t.Context(), rig.BrowserOptions{Extension: extension, Env: scene.Desk.Env()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(browser.Close)
	if err := browser.SetSite(scene.Site.URL(), true); err != nil {
		t.Fatal(err)
	}
	page := open(t, browser, scene.Site.URL())
	popup, tab := openPopup(t, browser, scene.Site.URL())
	expectState(t, popup, tab, wordsUnreachable)
	wait(t, popup, `document.getElementById('notes').textContent.includes('nativehost install')`)
	screenshot(t, popup, "popup-unreachable")
	if got := eval[string](t, page, `navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'a microphone', (e) => e.name)`); got == "a microphone" {
		t.Error("a redirected page got the browser's own microphone")
	}
}

// openPopup opens the real popup page about the tab that shows the address.
func openPopup(t *testing.T, b *rig.Browser, address string) (popup *rig.Page, tab int) {
	t.Helper()
	probe, err := b.OpenExtension("popup/popup.html")
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	tab = eval[int](t, probe, fmt.Sprintf(
		`chrome.tabs.query({}).then((tabs) => tabs.find(({ url }) => url?.startsWith(%q)).id)`, address))
	if popup, err = b.OpenExtension(fmt.Sprintf("popup/popup.html?tab=%d", tab)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(popup.Close)
	if err := popup.Size(380, 560); err != nil {
		t.Fatal(err)
	}
	return popup, tab
}

// expectState waits until popup and toolbar icon both show a state.
func expectState(t *testing.T, popup *rig.Page, tab int, words string) {
	t.Helper()
	if err := popup.Wait(fmt.Sprintf(`document.getElementById('state').textContent === %q`, words), probeTime); err != nil {
		t.Errorf("the popup says %q, want %q", eval[string](t, popup, `document.getElementById('state').textContent`), words)
	}
	title := fmt.Sprintf(`chrome.action.getTitle({ tabId: %d })`, tab)
	if err := popup.Wait(fmt.Sprintf(`(await %s).endsWith(%q)`, title, words), probeTime); err != nil {
		t.Errorf("the icon says %q, want %q", eval[string](t, popup, title), words)
	}
}

// read reads a counter.
func read(t *testing.T, count func() (int, error)) int {
	t.Helper()
	n, err := count()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
