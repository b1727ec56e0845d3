package main

import (
	"archive/zip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repository writes a small repository and returns its root.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	all := map[string]string{
		"shim/main.js":            "import { word } from './word.js';\nconst unique = word;\nglobalThis.seen = function named() { return unique; };\n",
		"shim/word.js":            "export const word = 'grüezi';\n",
		"extension/manifest.json": `{"name": "x", "version": "0.0.0", "manifest_version": 3}`,
		"extension/content.js":    "import { size } from './message.js';\nsize();\n",
		"extension/message.js":    "export const size = () => 1;\n",
	}
	maps.Copy(all, files)
	for name, contents := range all {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(contents), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestBuildShipsWhatBelongsToTheExtension(t *testing.T) {
	root := repository(t, map[string]string{
		"extension/icons/ready-16.png": "png",
		"extension/icons/ready.svg":    "svg",
		"extension/icons/render.sh":    "sh",
		"extension/message.test.js":    "test",
		"extension/browser.double.js":  "double",
		"extension/package.json":       "{}",
	})
	files, err := build(root, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"content.js", "icons/ready-16.png", "manifest.json", "message.js", "shim.js"}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files are %q, want %q", got, want)
	}
	if got := string(files["message.js"]); got != "export const size = () => 1;\n" {
		t.Errorf("message.js was changed to %q", got)
	}
}

func TestBuildStampsTheVersion(t *testing.T) {
	files, err := build(repository(t, nil), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(files["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest["version"] != "1.2.3" || manifest["name"] != "x" {
		t.Errorf("manifest is %v", manifest)
	}
}

func TestBundleIsOneClosure(t *testing.T) {
	files, err := build(repository(t, nil), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	shim := string(files["shim.js"])
	if !strings.HasPrefix(strings.TrimPrefix(shim, "\"use strict\";\n"), "(() => {") {
		t.Errorf("the bundle is not a closure:\n%s", shim)
	}
	for _, part := range []string{"grüezi", `"named"`} {
		if !strings.Contains(shim, part) {
			t.Errorf("the bundle has no %s:\n%s", part, shim)
		}
	}
	if strings.Contains(shim, "import ") {
		t.Errorf("the bundle still imports:\n%s", shim)
	}
}

func TestBuildSaysWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct{ file, contents, want string }{
		"missing import": {"shim/main.js", "import './nowhere.js';", "nowhere.js"},
		"no version":     {"extension/manifest.json", `{"name": "x"}`, "version is missing"},
		"no JSON":        {"extension/manifest.json", `{`, "manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := build(repository(t, map[string]string{test.file: test.contents}), "1.2.3")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one about %q", err, test.want)
			}
		})
	}
}

func TestRunReplacesEarlierOutput(t *testing.T) {
	root, out := repository(t, nil), t.TempDir()
	stale := filepath.Join(out, "extension", "stale.js")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var archives [2][]byte
	for i := range archives {
		if err := run(root, out); err != nil {
			t.Fatal(err)
		}
		archives[i], _ = os.ReadFile(filepath.Join(out, "nearend-extension.zip"))
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("a file of an earlier build is left: %v", err)
	}
	if !slices.Equal(archives[0], archives[1]) {
		t.Error("two builds of the same files differ")
	}
	archive, err := zip.OpenReader(filepath.Join(out, "nearend-extension.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if _, err := os.Stat(filepath.Join(out, "extension", entry.Name)); err != nil {
			t.Error(err)
		}
	}
	if len(archive.File) != 4 {
		t.Errorf("the archive has %d files", len(archive.File))
	}
}
