// Package rig runs the product for real and watches it from outside: Chromium
// with the built extension in a fresh profile, the native messaging host
// installed into that profile, virtual audio devices, and the counters of the
// kernel and of the browser itself. The demonstration run, the end-to-end
// tests and the bench are built on it.
//
// What it reports is measured: peer connections are read from the browser's
// own chrome://webrtc-internals, sockets and processor time from /proc, audio
// streams from PulseAudio.
package rig
