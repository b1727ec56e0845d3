package architecture

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	module = "nearend/"
	root   = "../.."
)

// goPackage is what "go list -json" says of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// only says who may import modules from outside that must stay in one place.
var only = map[string][]string{
	"github.com/gen2brain/malgo":   {"audio/miniaudio"},
	"github.com/pion/mediadevices": {"codec/opus"},
	"github.com/pion/webrtc":       {"demo"},
	"github.com/pion/ice":          {"peer/transport", "demo"},
	"github.com/chromedp":          {"rig", "rig/run", "e2e", "bench"},
}

// selfContained are the packages that need nothing but the standard library.
var selfContained = []string{"protocol", "protocol/protogen", "nativemsg", "link", "link/resume", "link/tlslink", "logring", "pcm", "constraints", "deviceid", "measure", "manifests"}

func TestPackagesImportWhatTheTableAllows(t *testing.T) {
	table := readTable(t)
	seen := make(map[string]bool)
	for _, p := range listPackages(t) {
		name := short(p.ImportPath)
		seen[name] = true
		allowed, ok := table[name]
		if !ok {
			t.Errorf("ARCHITECTURE.md has no row for %s", name)
			continue
		}
		for _, imported := range p.Imports {
			switch {
			case strings.HasPrefix(imported, module):
				if !slices.Contains(allowed, short(imported)) && !slices.Contains(allowed, "any") {
					t.Errorf("%s imports %s, which its row in ARCHITECTURE.md does not allow", name, short(imported))
				}
			case strings.Contains(strings.Split(imported, "/")[0], "."):
				checkOutside(t, name, imported)
			}
		}
	}
	for name := range table {
		if !seen[name] {
			t.Errorf("ARCHITECTURE.md has a row for %s, which does not exist", name)
		}
	}
}

// checkOutside checks an import from another module.
func checkOutside(t *testing.T, name, imported string) {
	t.Helper()
	if slices.Contains(selfContained, name) {
		t.Errorf("%s imports %s, but needs nothing from outside", name, imported)
	}
	for prefix, allowed := range only {
		if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && !slices.Contains(allowed, name) {
			t.Errorf("%s imports %s, which belongs to %q", name, imported, allowed)
		}
	}
}

// readTable returns the allowed imports of each package.
func readTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(root + "/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Packages\n")
	if !found {
		t.Fatal("ARCHITECTURE.md has no section Packages")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	name := regexp.MustCompile("`([^`]+)`|\\bany\\b")
	table := make(map[string][]string)
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || !strings.Contains(cells[0], "`") {
			continue
		}
		row := strings.Trim(cells[0], " `")
		table[row] = []string{}
		for _, match := range name.FindAllStringSubmatch(cells[2], -1) {
			if match[1] == "" {
				match[1] = match[0]
			}
			table[row] = append(table[row], match[1])
		}
	}
	if len(table) == 0 {
		t.Fatal("the table of packages in ARCHITECTURE.md cannot be read")
	}
	return table
}

// listPackages lists the module's packages that have Go source besides tests,
// and end-to-end tests.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		// Development tools bring Go files of their own.
		if !strings.Contains(p.ImportPath, "/node_modules/") {
			packages = append(packages, p)
		}
	}
}

// short is the name of a package in the table.
func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "internal/")
}
