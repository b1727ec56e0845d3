package e2e_test

import (
	"strings"
	"testing"

	"nearend/internal/demo"
)

// shape describes the interfaces of WebRTC as a library sees them that wraps
// them: every member's descriptor, each function's name, length and text, and
// what an interface inherits.
const shape = `JSON.stringify(Object.getOwnPropertyNames(window).filter((name) => /^(webkit)?RTC/.test(name)).sort().map((name) => {
	const text = (value) => typeof value === 'function'
		? [value.name, value.length, Object.hasOwn(value, 'prototype'), Function.prototype.toString.call(value)]
		: typeof value === 'object' ? typeof value : String(value);
	const describe = (object) => Reflect.ownKeys(object).map(String).sort().map((key) => {
		const d = Object.getOwnPropertyDescriptor(object, key);
		return d && [key, d.configurable, d.enumerable, d.writable, text(d.value), text(d.get), text(d.set)];
	});
	const { [name]: own } = window;
	const inherits = [Object.getPrototypeOf(own).name, Object.getPrototypeOf(own.prototype).constructor.name];
	return [name, describe(own), describe(own.prototype), inherits];
}), null, 1)`

// TestRedirectedShape compares the interfaces of WebRTC on a redirected page
// with the browser's own: they differ in nothing.
func TestRedirectedShape(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	// Same page, another origin: the listed one is localhost.
	other := strings.Replace(scene.Site.URL(), "localhost", "127.0.0.1", 1)
	want := eval[string](t, open(t, scene.Browser, other), shape)
	page := open(t, scene.Browser, scene.Site.URL())
	got := eval[string](t, page, shape)
	if got != want {
		t.Errorf("the redirected interfaces differ from the browser's: %s", firstDifference(got, want))
	}
	// Else the comparison above compares nothing.
	if !strings.Contains(want, "setRemoteDescription") {
		t.Error("the browser has no RTCPeerConnection to compare with")
	}
	if !eval[bool](t, page, `'isCallRedirectionEnabled' in navigator.mediaDevices`) {
		t.Error("the listed site is not redirected")
	}
}
