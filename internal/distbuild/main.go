// Command distbuild writes dist/extension, the extension as browsers load it,
// and dist/nearend-extension.zip. Run it in the root of the repository:
//
//	go run ./internal/distbuild
//
// The two content scripts, shim/main.js for the page's own world and
// extension/content.js for the isolated one, are each bundled into one closure,
// because a top-level name of a script in the page's world would collide with
// the page's own. Everything else ships as it is written, so that whoever
// reviews the extension can read it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"nearend/internal/protocol"
)

func main() {
	root := flag.String("root", ".", "root of the repository")
	out := flag.String("out", "dist", "folder to write extension/ and nearend-extension.zip to")
	flag.Parse()
	if err := run(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "distbuild:", err)
		os.Exit(1)
	}
}

// run replaces what an earlier run has written.
func run(root, out string) error {
	files, err := build(root, protocol.Product)
	if err != nil {
		return err
	}
	if err := writeFolder(filepath.Join(out, "extension"), files); err != nil {
		return err
	}
	return writeZip(filepath.Join(out, "nearend-extension.zip"), files)
}
