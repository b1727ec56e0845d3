// Package plot draws curves over two axes as SVG, for the pictures of the
// bench. It knows one kind of picture and has no options beyond it.
package plot
