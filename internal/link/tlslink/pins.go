package tlslink

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Role is what a paired machine is for this one.
type Role string

// The roles.
const (
	// SessionHost may connect to this machine.
	SessionHost Role = "session-host"
	// Endpoint is connected to by this machine.
	Endpoint Role = "endpoint"
)

// Pin is the key of a machine that was paired with this one.
type Pin struct {
	Role Role `json:"role"`
	// Name is for people; one role has each name once.
	Name string `json:"name"`
	Key  string `json:"key"`
	// Address is where an Endpoint listens.
	Address string    `json:"address,omitempty"`
	Since   time.Time `json:"since"`
}

// ErrNotPaired means that there is no pin for the other machine.
var ErrNotPaired = errors.New("not paired")

// maxName bounds a machine's name in bytes.
const maxName = 64

// path is where the pin of a key is. One file each means that adding and
// revoking by different processes cannot undo each other.
func (s *Store) path(role Role, key string) string {
	return filepath.Join(s.folder, string(role), key+".json")
}

// Pins returns all pins, by role and name. Damaged ones are left out, for they
// let nobody in.
func (s *Store) Pins() ([]Pin, error) {
	var pins []Pin
	for _, role := range []Role{Endpoint, SessionHost} {
		entries, err := os.ReadDir(filepath.Join(s.folder, string(role)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			key, found := strings.CutSuffix(entry.Name(), ".json")
			if !found {
				continue
			}
			if pin, err := s.find(role, key); err == nil {
				pins = append(pins, pin)
			}
		}
	}
	slices.SortStableFunc(pins, func(a, b Pin) int { return strings.Compare(string(a.Role)+" "+a.Name, string(b.Role)+" "+b.Name) })
	return pins, nil
}

// find returns the pin of a key.
func (s *Store) find(role Role, key string) (Pin, error) {
	data, err := readPrivate(s.path(role, key))
	if errors.Is(err, fs.ErrNotExist) {
		return Pin{}, ErrNotPaired
	}
	if err != nil {
		return Pin{}, err
	}
	var pin Pin
	if err := json.Unmarshal(data, &pin); err != nil {
		return Pin{}, err
	}
	if decoded, err := hex.DecodeString(pin.Key); err != nil || len(decoded) != len(Fingerprint{}) || pin.Key != key || pin.Role != role {
		return Pin{}, fmt.Errorf("%s is damaged", s.path(role, key))
	}
	return pin, nil
}

// Has tells whether a pin was neither revoked nor replaced.
func (s *Store) Has(pin Pin) bool {
	_, err := s.find(pin.Role, pin.Key)
	return err == nil
}

// endpointAt returns the pin of the endpoint at an address.
func (s *Store) endpointAt(address string) (Pin, error) {
	pins, err := s.Pins()
	if err != nil {
		return Pin{}, err
	}
	for _, pin := range pins {
		if pin.Role == Endpoint && pin.Address == address {
			return pin, nil
		}
	}
	return Pin{}, fmt.Errorf("%w with the endpoint at %s", ErrNotPaired, address)
}

// add pins a key. It takes the place of one with the same role and name or
// address: that machine was set up anew.
func (s *Store) add(pin Pin) error {
	data, err := json.Marshal(pin)
	if err != nil {
		return err
	}
	if err := writePrivate(s.path(pin.Role, pin.Key), data, true); err != nil {
		return err
	}
	pins, err := s.Pins()
	if err != nil {
		return err
	}
	for _, old := range pins {
		same := old.Name == pin.Name || pin.Role == Endpoint && old.Address == pin.Address
		if old.Role == pin.Role && old.Key != pin.Key && same {
			err = errors.Join(err, os.Remove(s.path(old.Role, old.Key)))
		}
	}
	return err
}

// Revoke forgets all machines of that name and returns what it forgot.
func (s *Store) Revoke(name string) ([]Pin, error) {
	pins, err := s.Pins()
	if err != nil {
		return nil, err
	}
	var revoked []Pin
	for _, pin := range pins {
		if pin.Name != name {
			continue
		}
		if err := os.Remove(s.path(pin.Role, pin.Key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return revoked, err
		}
		revoked = append(revoked, pin)
	}
	if revoked == nil {
		return nil, fmt.Errorf("%w with a machine named %q", ErrNotPaired, name)
	}
	return revoked, nil
}

// cleanName makes a name that can be shown out of what a machine calls itself.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, name)
	for len(name) > maxName {
		name = name[:len(name)-1]
	}
	if name = strings.TrimSpace(strings.ToValidUTF8(name, "")); name == "" {
		return "unnamed"
	}
	return name
}
