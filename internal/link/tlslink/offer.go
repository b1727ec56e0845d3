package tlslink

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OfferTime is how long a code is valid.
const OfferTime = 5 * time.Minute

// offer is that a machine may pair with this one. It is a file, so that the
// command that shows the code and the endpoint that listens can be two
// processes.
type offer struct {
	// Key is derived from the code.
	Key     []byte    `json:"key"`
	Name    string    `json:"name"`
	Expires time.Time `json:"expires"`
}

var errNoOffer = errors.New("no pairing code is shown")

func (s *Store) offerPath() string { return filepath.Join(s.folder, "offer.json") }

// Offer lets one session host pair with this machine, under the name given,
// and returns the code to show, which replaces an earlier one.
func (s *Store) Offer(name string) (code string, err error) {
	code = newCode()
	key, err := deriveKey(code, s.rounds)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(offer{Key: key, Name: cleanName(name), Expires: time.Now().Add(OfferTime)})
	if err != nil {
		return "", err
	}
	return showCode(code), writePrivate(s.offerPath(), data, true)
}

// Offered tells whether the code shown can still be used.
func (s *Store) Offered() bool {
	_, err := s.offer()
	return err == nil
}

// Withdraw makes the code invalid. It tells whether it was valid until then.
func (s *Store) Withdraw() (bool, error) {
	err := os.Remove(s.offerPath())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (s *Store) offer() (offer, error) {
	var o offer
	data, err := readPrivate(s.offerPath())
	if errors.Is(err, fs.ErrNotExist) {
		return o, errNoOffer
	}
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		return o, err
	}
	if len(o.Key) == 0 || !time.Now().Before(o.Expires) {
		return o, errNoOffer
	}
	return o, nil
}
