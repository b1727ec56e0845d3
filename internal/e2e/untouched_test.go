package e2e_test

import (
	"strings"
	"testing"

	"nearend/internal/demo"
	"nearend/internal/rig"
)

// surface describes everything that a page could tell a shim by: all names and
// property descriptors of the window, of navigator.mediaDevices and of the
// classes of WebRTC, with the source text of every function.
const surface = `JSON.stringify((() => {
	const seen = new Map();
	const text = (value) => {
		if (typeof value === 'function') return Function.prototype.toString.call(value);
		return value === null || typeof value !== 'object' ? typeof value : Object.prototype.toString.call(value);
	};
	const describe = (name, object) => {
		if (!object) return;
		seen.set(name, Reflect.ownKeys(object).map(String).sort().map((key) => {
			const d = Object.getOwnPropertyDescriptor(object, key);
			if (!d) return key;
			return [key, d.configurable, d.enumerable, d.writable, 'value' in d ? text(d.value) : [text(d.get), text(d.set)]];
		}));
	};
	describe('window', window);
	describe('navigator', Navigator.prototype);
	for (const key of Object.getOwnPropertyNames(window).sort()) {
		if (/^(webkit)?(RTC|Media|AudioContext|HTMLMediaElement|HTMLAudioElement|HTMLIFrameElement|EventTarget|Audio$|DOMException)/.test(key)) {
			describe(key, window[key]);
			describe(key + '.prototype', window[key].prototype);
		}
	}
	describe('mediaDevices', navigator.mediaDevices);
	return [...seen];
})())`

// TestOtherSitesAreUntouched compares a site that is not listed, in a browser
// with the extension, with the same site in a plain browser.
func TestOtherSitesAreUntouched(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	plain, err := rig.Launch(t.Context(), rig.BrowserOptions{Env: scene.Desk.Env()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(plain.Close)

	// Same page, another origin: the listed one is localhost.
	other := strings.Replace(scene.Site.URL(), "localhost", "127.0.0.1", 1)
	want := eval[string](t, open(t, plain, other), surface)
	page := open(t, scene.Browser, other)
	if got := eval[string](t, page, surface); got != want {
		t.Errorf("a site that is not listed differs from a plain browser: %s", firstDifference(got, want))
	}
	if got := eval[string](t, page, `RTCPeerConnection.toString()`); got != "function RTCPeerConnection() { [native code] }" {
		t.Errorf("RTCPeerConnection is %q", got)
	}
	connections := internals(t, scene.Browser)
	run(t, page, `globalThis.pc = new RTCPeerConnection()`)
	poll(t, probeTime, func() error {
		return more(connections.PeerConnections, "native peer connections on a site that is not listed")
	})

	listed := open(t, scene.Browser, scene.Site.URL())
	if got := eval[string](t, listed, `RTCPeerConnection.toString()`); got != "function RTCPeerConnection() { [native code] }" {
		t.Errorf("a redirected page sees RTCPeerConnection as %q", got)
	}
	// Else the comparison above compares nothing.
	if got := eval[string](t, listed, surface); got == want {
		t.Error("the listed site is not redirected either")
	}
}

func firstDifference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	part := func(s string) string { return s[max(0, min(i, len(s))-120):min(len(s), i+120)] }
	return "\n got …" + part(got) + "…\nwant …" + part(want) + "…"
}
