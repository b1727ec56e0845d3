package manifests

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nearend/internal/protocol"
)

func read[T any](t *testing.T, path string) T {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	var value T
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

func TestExtensionIDFollowsFromTheKey(t *testing.T) {
	manifest := read[struct{ Key []byte }](t, "../extension/manifest.json")
	hash := sha256.Sum256(manifest.Key)
	var id strings.Builder
	for _, b := range hash[:16] {
		id.WriteByte('a' + b>>4)
		id.WriteByte('a' + b&15)
	}
	if id.String() != ExtensionID {
		t.Errorf("the key %s gives the id %s, not %s", base64.StdEncoding.EncodeToString(manifest.Key), id.String(), ExtensionID)
	}
}

func TestNativeMessagingNamesProgramAndExtension(t *testing.T) {
	text, err := NativeMessaging(`/opt/a "quoted" folder/nativehost`)
	if err != nil {
		t.Fatal(err)
	}
	var manifest nativeManifest
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Path != `/opt/a "quoted" folder/nativehost` {
		t.Errorf("path is %q", manifest.Path)
	}
	if manifest.Name != protocol.NativeHostName || manifest.Type != "stdio" {
		t.Errorf("name is %q, type %q", manifest.Name, manifest.Type)
	}
	if !slices.Equal(manifest.AllowedOrigins, []string{ExtensionOrigin}) {
		t.Errorf("allowed origins are %q", manifest.AllowedOrigins)
	}
}

// An administrator copies these: they must name the extension and only what
// its schema knows.
func TestPoliciesFitTheExtension(t *testing.T) {
	schema := read[struct{ Properties map[string]any }](t, "../extension/managed-schema.json")
	known := slices.Sorted(maps.Keys(schema.Properties))
	for _, browser := range []string{"chrome", "chromium", "edge"} {
		policy := read[struct {
			ExtensionSettings        map[string]map[string]string
			NativeMessagingAllowlist []string
			ThirdParty               struct {
				Extensions map[string]map[string]any `json:"extensions"`
			} `json:"3rdparty"`
		}](t, "policies/"+browser+".json")
		if mode := policy.ExtensionSettings[ExtensionID]["installation_mode"]; mode != "force_installed" {
			t.Errorf("%s: installation mode is %q", browser, mode)
		}
		if !slices.Contains(policy.NativeMessagingAllowlist, protocol.NativeHostName) {
			t.Errorf("%s: the native messaging host is not allowed", browser)
		}
		settings := policy.ThirdParty.Extensions[ExtensionID]
		if names := slices.Sorted(maps.Keys(settings)); !slices.Equal(names, known) {
			t.Errorf("%s: the extension's policy has %q, its schema %q", browser, names, known)
		}
	}
}

func TestUpdateManifestNamesExtensionAndVersion(t *testing.T) {
	text, err := os.ReadFile("policies/updates.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`appid="` + ExtensionID + `"`, `version="` + protocol.Product + `"`} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("updates.xml has no %s", want)
		}
	}
}
