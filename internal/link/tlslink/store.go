package tlslink

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Store is the folder that holds a machine's key, its pins and, while the
// machine is being paired, the offer. Several processes may use one at a time.
type Store struct {
	folder   string
	identity tls.Certificate
	// own is this machine's key.
	own Fingerprint
	// rounds make codes costly to guess.
	rounds int
}

// OpenStore opens the folder, which only its owner can enter, and makes it and
// the key when there are none.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	identity, own, err := loadIdentity(filepath.Join(folder, "key.pem"))
	if err != nil {
		return nil, err
	}
	return &Store{folder: folder, identity: identity, own: own, rounds: codeRounds}, nil
}

// readPrivate reads a file that nobody but its owner may read or write.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	// Windows keeps others out by the folder's access list.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to others than its owner; set its mode to 600 if nobody can have changed it", path)
	}
	return os.ReadFile(path)
}

// writePrivate writes a file beside its place and then puts it there, so that
// nobody reads half of it. Unless it may replace one, the first to come wins.
func writePrivate(path string, data []byte, replace bool) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	// CreateTemp made it for its owner alone.
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if replace {
		return os.Rename(file.Name(), path)
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
