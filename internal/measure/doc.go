// Package measure judges recordings: how late a sound arrived, how much of it
// arrived unharmed, how well it is understood, where it is silent or broken, and
// which telephone tones it holds. The end-to-end tests, the demonstration and the bench use it; the
// product does not.
//
// A Recording is mono with samples from -1 to 1. Positions and lengths are in
// time.Duration, counted from the first sample.
package measure
