#!/bin/sh
# Draws the PNG icons from their SVG sources (Debian package librsvg2-bin).
set -eu
cd "$(dirname "$0")"
for state in off ready call unreachable; do
	for size in 16 32 48 128; do
		rsvg-convert --width "$size" --height "$size" --output "$state-$size.png" "$state.svg"
	done
done
