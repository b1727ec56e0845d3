// Package architecture holds the test that keeps the table of packages in
// ARCHITECTURE.md true.
package architecture
