package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundles are the files that are bundled, and their names in the extension.
var bundles = map[string]string{
	"shim/main.js":         "shim.js",
	"extension/content.js": "content.js",
}

// shipped are the kinds of file that the extension consists of.
var shipped = []string{".js", ".json", ".html", ".css", ".png"}

// build returns the files of the extension: contents by slash-separated path.
func build(root, version string) (map[string][]byte, error) {
	files := map[string][]byte{}
	source := os.DirFS(filepath.Join(root, "extension"))
	err := fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !ships(name) {
			return err
		}
		files[name], err = fs.ReadFile(source, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	if files["manifest.json"], err = stamp(files["manifest.json"], version); err != nil {
		return nil, fmt.Errorf("extension/manifest.json: %w", err)
	}
	for entry, name := range bundles {
		if files[name], err = bundle(filepath.Join(root, filepath.FromSlash(entry))); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// ships tells whether a file of extension/ is part of the extension: not tests
// and what they use, and not what is bundled.
func ships(name string) bool {
	if _, bundled := bundles["extension/"+name]; bundled || name == "package.json" {
		return false
	}
	return slices.Contains(shipped, path.Ext(name)) &&
		!strings.HasSuffix(name, ".test.js") && !strings.HasSuffix(name, ".double.js")
}

// stamp sets the version of a manifest and leaves the rest as it is written.
func stamp(manifest []byte, version string) ([]byte, error) {
	var before struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(manifest, &before); err != nil {
		return nil, err
	}
	written := fmt.Appendf(nil, `"version": %q`, before.Version)
	if bytes.Count(manifest, written) != 1 {
		return nil, errors.New("version is missing")
	}
	return bytes.Replace(manifest, written, fmt.Appendf(nil, `"version": %q`, version), 1), nil
}

// bundle makes one closure of a module and all that it imports.
func bundle(entry string) ([]byte, error) {
	absolute, err := filepath.Abs(entry)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:   []string{absolute},
		AbsWorkingDir: filepath.Dir(absolute),
		Bundle:        true,
		Format:        api.FormatIIFE,
		KeepNames:     true,
		Charset:       api.CharsetUTF8,
		Target:        api.ESNext,
		LegalComments: api.LegalCommentsNone,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	return result.OutputFiles[0].Contents, nil
}
