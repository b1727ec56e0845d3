package deviceid

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
)

func TestIDs(t *testing.T) {
	salter := NewSalter(bytes.Repeat([]byte{7}, SecretSize))
	const origin, backend = "https://phone.example", "alsa_input.usb"
	id := salter.Device(origin, "audioinput", backend)
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(id) {
		t.Fatalf("id %q", id)
	}
	if again := NewSalter(bytes.Repeat([]byte{7}, SecretSize)).Device(origin, "audioinput", backend); again != id {
		t.Error("the same secret gives another id")
	}
	others := map[string]string{
		"another origin": salter.Device("https://other.example", "audioinput", backend),
		"another kind":   salter.Device(origin, "audiooutput", backend),
		"another device": salter.Device(origin, "audioinput", backend+"2"),
		"shifted parts":  salter.Device(origin+"a", "udioinput", backend),
		"a group":        salter.Group(origin, backend),
		"another secret": NewSalter(bytes.Repeat([]byte{8}, SecretSize)).Device(origin, "audioinput", backend),
	}
	seen := map[string]string{id: "the id"}
	for name, other := range others {
		if first, ok := seen[other]; ok {
			t.Errorf("%s equals %s", name, first)
		}
		seen[other] = name
	}
}

func TestSecretIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nearend", "device-id-secret")
	first, err := LoadSecret(path)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := LoadSecret(path); err != nil || !bytes.Equal(first, second) {
		t.Fatalf("second load: %v, equal %v", err, bytes.Equal(first, second))
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files are left in the folder", len(entries))
	}
}

func TestDamagedSecretIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if secret, err := LoadSecret(path); err != nil || len(secret) != SecretSize {
		t.Fatalf("%d bytes, %v", len(secret), err)
	}
}

func TestProcessesAgreeOnTheSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	secrets := make([][]byte, 16)
	var loaders sync.WaitGroup
	for i := range secrets {
		loaders.Go(func() {
			secret, err := LoadSecret(path)
			if err != nil {
				t.Error(err)
			}
			secrets[i] = secret
		})
	}
	loaders.Wait()
	for _, secret := range secrets {
		if !bytes.Equal(secret, secrets[0]) {
			t.Fatal("two loaders got different secrets")
		}
	}
}
