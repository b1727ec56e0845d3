package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"nearend/internal/protocol"
	"nearend/manifests"
)

// execute runs nativehost and returns what it printed and its exit code.
func execute(t *testing.T, home string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := program(t, home, arguments...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), code
}

func TestHelp(t *testing.T) {
	stdout, _, code := execute(t, t.TempDir(), "--help")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	for _, c := range commands() {
		if !strings.Contains(stdout, "nativehost "+c.name) {
			t.Errorf("the help does not name %s", c.name)
		}
		if _, stderr, code := execute(t, t.TempDir(), c.name, "--help"); code != exitOK || !strings.Contains(stderr, "Usage: nativehost "+c.name) {
			t.Errorf("%s --help: exit code %d, %s", c.name, code, stderr)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	for _, arguments := range [][]string{
		{}, {"nonsense"}, {"version", "extra"}, {"devices", "--nonsense"}, {"install", "--browser", "lynx"},
		{"pair", "--list", "--revoke", "x"}, {"endpoint", "--grace", "2h"}, {"install", "--user", "--system"}, {"uninstall", "--system", "--profile", "x"},
	} {
		stdout, stderr, code := execute(t, t.TempDir(), arguments...)
		if code != exitUsage || stderr == "" || stdout != "" {
			t.Errorf("%q: exit code %d, standard output %q, standard error %q", arguments, code, stdout, stderr)
		}
	}
}

func TestVersion(t *testing.T) {
	stdout, _, code := execute(t, t.TempDir(), "version", "--json")
	var v versions
	if err := json.Unmarshal([]byte(stdout), &v); err != nil || code != exitOK {
		t.Fatalf("exit code %d, %v", code, err)
	}
	if v.Product != protocol.Product || v.Protocol != protocol.Version || v.Go == "" || !strings.Contains(v.Opus, "opus") {
		t.Errorf("got %+v", v)
	}
	if stdout, _, _ = execute(t, t.TempDir(), "--version"); !strings.HasPrefix(stdout, "Nearend "+protocol.Product) {
		t.Errorf("for people: %s", stdout)
	}
}

func TestDevices(t *testing.T) {
	stdout, _, code := execute(t, t.TempDir(), "devices", "--json")
	var lists map[string][]deviceEntry
	if err := json.Unmarshal([]byte(stdout), &lists); err != nil || code != exitOK {
		t.Fatalf("exit code %d, %v", code, err)
	}
	if lists["inputs"] == nil || lists["outputs"] == nil {
		t.Errorf("got %s", stdout)
	}
}

func TestDemoServesItsPage(t *testing.T) {
	demo := program(t, t.TempDir(), "demo", "--listen", "127.0.0.1:0")
	stdout, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(regexp.MustCompile(`http://localhost:\d+/`).FindString(line))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("the page: %s", response.Status)
	}
	if err := demo.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := demo.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestInstall(t *testing.T) {
	home := t.TempDir()
	folders := map[string]string{"chrome": "google-chrome", "edge": "microsoft-edge", "chromium": "chromium"}
	for name, folder := range folders {
		path := filepath.Join(home, "config", folder, "NativeMessagingHosts", protocol.NativeHostName+".json")
		for range 2 {
			if _, stderr, code := execute(t, home, "install", "--browser", name); code != exitOK {
				t.Fatalf("%s: exit code %d, %s", name, code, stderr)
			}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var manifest struct {
			Name, Path, Type string
			Origins          []string `json:"allowed_origins"`
		}
		if err := json.Unmarshal(data, &manifest); err != nil {
			t.Fatal(err)
		}
		if manifest.Name != protocol.NativeHostName || manifest.Type != "stdio" || !filepath.IsAbs(manifest.Path) ||
			len(manifest.Origins) != 1 || manifest.Origins[0] != manifests.ExtensionOrigin {
			t.Errorf("%s: %+v", name, manifest)
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("%s: %d files are in the folder", name, len(entries))
		}
	}
	// Without a name, uninstall looks everywhere; twice is not an error.
	for range 2 {
		if _, stderr, code := execute(t, home, "uninstall"); code != exitOK {
			t.Fatalf("exit code %d, %s", code, stderr)
		}
	}
	for name, folder := range folders {
		path := filepath.Join(home, "config", folder, "NativeMessagingHosts", protocol.NativeHostName+".json")
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the manifest is still there, %v", name, err)
		}
	}
}

func TestInstallFindsBrowsers(t *testing.T) {
	home := t.TempDir()
	t.Setenv("PATH", "")
	if _, stderr, code := execute(t, home, "install"); code != exitFailed || !strings.Contains(stderr, "--browser") {
		t.Errorf("no browser: exit code %d, %s", code, stderr)
	}
	if err := os.MkdirAll(filepath.Join(home, "config", "microsoft-edge"), 0o755); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := execute(t, home, "install")
	if code != exitOK || !strings.HasPrefix(stdout, "edge: ") || strings.Count(stdout, "\n") != 1 {
		t.Errorf("exit code %d, %s%s", code, stdout, stderr)
	}
}

func TestLogFileIsPutAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nearend", "nativehost.log")
	for range 2 {
		file, err := openLogFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{maxLogFile - 1, 1, 1} {
			if n, err := file.Write(make([]byte, size)); n != size || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 2 || info.Mode().Perm() != 0o600 {
		t.Errorf("the log is %v, %v", info, err)
	}
	if info, err := os.Stat(path + ".1"); err != nil || info.Size() != maxLogFile {
		t.Errorf("the old log is %v, %v", info, err)
	}
}
