package deviceid

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// LoadSecret returns the secret kept in a file that only its owner can read,
// and makes it when there is none. Two processes that make it at the same time
// end up with the same one. A file that holds no secret is replaced.
func LoadSecret(path string) ([]byte, error) {
	secret, err := readSecret(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errDamaged) {
		return secret, err
	}
	if errors.Is(err, errDamaged) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := writeSecret(path); err != nil {
		return nil, err
	}
	return readSecret(path)
}

var errDamaged = errors.New("the file does not hold a secret")

func readSecret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(secret) != SecretSize {
		return nil, fmt.Errorf("%s: %w", path, errDamaged)
	}
	return secret, nil
}

// writeSecret writes beside the file and links it into place, so that nobody
// ever reads half a secret and the first one to come wins.
func writeSecret(path string) error {
	secret := make([]byte, SecretSize)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := file.Chmod(0o600); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		file.Close()
		return err
	}
	if _, err := file.Write(secret); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
