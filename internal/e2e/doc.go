// Package e2e tests the built product from outside: real Chromium with the
// extension, the native messaging host, real sound through virtual devices.
// It needs dist, which 'make build' fills, and the packages of 'make deps'.
package e2e
