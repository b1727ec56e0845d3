package e2e_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/rig"
)

// policyFile is where Debian's Chromium looks for policies, with a name that
// nobody else uses.
const policyFile = "/etc/chromium/policies/managed/nearend-e2e.json"

// TestAdministratorsSite lists a site by policy alone: it is redirected with
// no click and no prompt, and the person cannot switch it off.
func TestAdministratorsSite(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	// Same page, another origin: the one that the scene has switched on is
	// localhost.
	site := strings.Replace(scene.Site.URL(), "localhost", "127.0.0.1", 1)
	settings := map[string]any{"allowlist": []string{strings.TrimSuffix(site, "/")}}
	setPolicy(t, map[string]any{"3rdparty": map[string]any{"extensions": map[string]any{rig.ExtensionID: settings}}})

	extension, err := scene.Browser.OpenExtension("popup/popup.html")
	if err != nil {
		t.Fatal(err)
	}
	defer extension.Close()
	// The browser watches its policies, slowly.
	poll(t, time.Minute, func() error {
		matches, err := rig.Eval[string](extension, `chrome.scripting.getRegisteredContentScripts().then((all) => JSON.stringify(all))`)
		if err == nil && !strings.Contains(matches, strings.TrimSuffix(site, "/")) {
			err = errors.New("the site of the policy is not registered: " + matches)
		}
		return err
	})

	connections := internals(t, scene.Browser)
	page := open(t, scene.Browser, site+"?processing=off")
	wait(t, page, `document.body.dataset.state === 'ready'`)
	dialFarEnd(t, scene, page)
	if n := read(t, connections.PeerConnections); n != 0 {
		t.Errorf("%d native peer connections on a site of the policy", n)
	}
	popup, tab := openPopup(t, scene.Browser, site)
	expectState(t, popup, tab, wordsCall)
	if !eval[bool](t, popup, `document.getElementById('toggle').disabled`) {
		t.Error("the person can switch off a site of the policy")
	}
	screenshot(t, popup, "popup-administrator")
}

// setPolicy gives the machine's Chromium a policy until the test ends. The
// folder belongs to root.
func setPolicy(t *testing.T, policy map[string]any) {
	t.Helper()
	data, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(draft, data, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { asRoot(t, "rm", "-f", policyFile) })
	asRoot(t, "install", "-D", "-m", "644", draft, policyFile)
}

// asRoot runs a command as root, by sudo when need be.
func asRoot(t *testing.T, command ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		command = append([]string{"sudo", "-n"}, command...)
	}
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(command, " "), err, out)
	}
}
