package tlslink

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"nearend/internal/link"
)

// patience is how long anything may take.
const patience = 20 * time.Second

// desk is a store that listens and says back what it hears.
type desk struct {
	*Store
	address  string
	listener *Listener
	// told are what pairings and failures came to.
	told chan error
}

func openStore(t *testing.T) *Store {
	t.Helper()
	store, err := OpenStore(filepath.Join(t.TempDir(), "link"))
	if err != nil {
		t.Fatal(err)
	}
	// What is tested does not rest on how long a guess takes.
	store.rounds = 10
	return store
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Store: openStore(t), told: make(chan error, 100)}
	listener, err := d.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.listener, d.address = listener, listener.Address().String()
	var serving sync.WaitGroup
	serving.Go(func() {
		listener.Serve(func(connection net.Conn, _ Pin) { io.Copy(connection, connection) },
			func(_ *Pin, err error) { d.told <- err })
	})
	t.Cleanup(func() { listener.Close(); serving.Wait() })
	return d
}

// show shows a code.
func (d *desk) show(t *testing.T) string {
	t.Helper()
	code, err := d.Offer("Desk")
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// pair makes a session host that is paired with the desk.
func (d *desk) pair(t *testing.T, name string) *Store {
	t.Helper()
	host := openStore(t)
	pin, err := host.Pair(t.Context(), d.address, name, strings.ToLower(d.show(t)))
	if err != nil {
		t.Fatal(err)
	}
	if pin.Name != "Desk" || pin.Key != d.own.String() {
		t.Fatalf("paired with %+v", pin)
	}
	if err := <-d.told; err != nil {
		t.Fatal(err)
	}
	return host
}

// echoes dials and tells whether the desk answers.
func echoes(s *Store, address string) error {
	connection, err := s.Dial(context.Background(), address)
	if err != nil {
		return err
	}
	defer connection.Close()
	return echo(connection)
}

func echo(connection net.Conn) error {
	connection.SetDeadline(time.Now().Add(patience))
	if _, err := connection.Write([]byte("hello")); err != nil {
		return err
	}
	answer := make([]byte, 5)
	_, err := io.ReadFull(connection, answer)
	return err
}

func TestPairedMachinesConnect(t *testing.T) {
	d := newDesk(t)
	first, second := d.pair(t, "First\n host"), d.pair(t, "Second")
	for _, host := range []*Store{first, second} {
		if err := echoes(host, d.address); err != nil {
			t.Error(err)
		}
	}
	pins, err := d.Pins()
	if err != nil || len(pins) != 2 || pins[0].Name != "First host" || pins[1].Name != "Second" || pins[0].Role != SessionHost {
		t.Errorf("pins %+v, %v", pins, err)
	}
	// Opened anew, the store has the same key and pins.
	again, err := OpenStore(first.folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := echoes(again, d.address); err != nil {
		t.Error(err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	d := newDesk(t)
	host := d.pair(t, "host")
	d.show(t)
	for _, store := range []*Store{d.Store, host} {
		files := 0
		err := filepath.WalkDir(store.folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			if !entry.IsDir() {
				files++
			}
			return err
		})
		if err != nil || files < 2 {
			t.Errorf("%d files, %v", files, err)
		}
	}
	if err := os.Chmod(filepath.Join(host.folder, "key.pem"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(host.folder); err == nil {
		t.Error("a key that others can read was taken")
	}
}

func TestStrangersAreRefused(t *testing.T) {
	d := newDesk(t)
	host := d.pair(t, "host")

	stranger := openStore(t)
	if err := echoes(stranger, d.address); !errors.Is(err, ErrNotPaired) {
		t.Errorf("a stranger's own store: %v", err)
	}
	// One that knows the desk's key, but whom the desk does not know.
	if err := stranger.add(Pin{Role: Endpoint, Name: "Desk", Key: d.own.String(), Address: d.address}); err != nil {
		t.Fatal(err)
	}
	connection, err := stranger.Dial(t.Context(), d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	if _, err := connection.Read(make([]byte, 1)); !errors.Is(err, link.ErrRejected) {
		t.Errorf("a stranger: %v", err)
	}
	if err := <-d.told; !errors.Is(err, ErrNotPaired) {
		t.Errorf("the desk was told %v", err)
	}
	// One that the desk has paired with as an endpoint may not connect to it.
	if err := d.add(Pin{Role: Endpoint, Name: "other", Key: stranger.own.String(), Address: "192.0.2.1:1"}); err != nil {
		t.Fatal(err)
	}
	if err := echoes(stranger, d.address); err == nil {
		t.Error("an endpoint was let in as a session host")
	}

	// Another machine at the address that the host knows.
	impostor := newDesk(t)
	pins, _ := host.Pins()
	pins[0].Address = impostor.address
	if err := host.add(pins[0]); err != nil {
		t.Fatal(err)
	}
	if err := echoes(host, impostor.address); !errors.Is(err, ErrNotPaired) {
		t.Errorf("the host's answer to an impostor: %v", err)
	}
}

func TestOtherTLSIsRefused(t *testing.T) {
	d := newDesk(t)
	host := d.pair(t, "host")
	d.show(t)
	for name, change := range map[string]func(*tls.Config){
		"TLS 1.2":        func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 },
		"no certificate": func(c *tls.Config) { c.Certificates = nil },
		"no protocol":    func(c *tls.Config) { c.NextProtos = nil },
		"HTTP":           func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} },
	} {
		t.Run(name, func(t *testing.T) {
			config := &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{host.identity}, NextProtos: []string{linkProtocol}}
			change(config)
			connection, err := tls.Dial("tcp", d.address, config)
			if err != nil {
				return
			}
			defer connection.Close()
			if echo(connection) == nil {
				t.Error("it was served")
			}
		})
	}
}

func TestWrongCodes(t *testing.T) {
	d := newDesk(t)
	host := openStore(t)
	if _, err := host.Pair(t.Context(), d.address, "host", "0000-0000-0000"); !errors.Is(err, ErrRefused) {
		t.Errorf("no code is shown: %v", err)
	}
	for _, typed := range []string{"", "123", "0000-0000-000U", "0000-0000-00000", "0000-0000-000é"} {
		if _, err := host.Pair(t.Context(), d.address, "host", typed); !errors.Is(err, ErrCode) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	right := d.show(t)
	for i := range maxAttempts {
		if !d.Offered() {
			t.Fatalf("the code was withdrawn after %d attempts", i)
		}
		if _, err := host.Pair(t.Context(), d.address, "host", "0000-0000-0000"); !errors.Is(err, ErrRefused) {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	if _, err := host.Pair(t.Context(), d.address, "host", right); !errors.Is(err, ErrRefused) {
		t.Errorf("the right code, too late: %v", err)
	}
	if d.Offered() {
		t.Error("the code is still valid")
	}
	// A new code starts anew, and works once.
	code := d.show(t)
	if _, err := host.Pair(t.Context(), d.address, "host", code); err != nil {
		t.Fatal(err)
	}
	if _, err := openStore(t).Pair(t.Context(), d.address, "other", code); !errors.Is(err, ErrRefused) {
		t.Errorf("a code that was used: %v", err)
	}
	if pins, _ := d.Pins(); len(pins) != 1 {
		t.Errorf("pins %+v", pins)
	}
}

func TestCodesExpire(t *testing.T) {
	d := newDesk(t)
	code := d.show(t)
	o, err := d.offer()
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(o.Expires); left > OfferTime || left < OfferTime-time.Minute {
		t.Errorf("valid for %v", left)
	}
	data := strings.Replace(string(mustRead(t, d.offerPath())), o.Expires.Format("2006"), "2001", 1)
	if err := writePrivate(d.offerPath(), []byte(data), true); err != nil {
		t.Fatal(err)
	}
	if _, err := openStore(t).Pair(t.Context(), d.address, "host", code); !errors.Is(err, ErrRefused) {
		t.Errorf("a code that has expired: %v", err)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCodesAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"ABCD-EFGH-JKMN":   "ABCDEFGHJKMN",
		" abcd efgh jkmn ": "ABCDEFGHJKMN",
		"oil0-0000-0000":   "011000000000",
	} {
		if got, err := readCode(typed); got != want || err != nil {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	if code, err := readCode(showCode(newCode())); err != nil || newCode() == code {
		t.Errorf("%q, %v", code, err)
	}
}

// TestSomebodyInBetween ends TLS on both sides and passes on what they say.
func TestSomebodyInBetween(t *testing.T) {
	d := newDesk(t)
	middle := openStore(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{middle.identity}, NextProtos: []string{pairProtocol}, ClientAuth: tls.RequireAnyClientCert,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var passing sync.WaitGroup
	defer passing.Wait()
	passing.Go(func() {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		defer near.Close()
		far, err := middle.dial(t.Context(), d.address, pairProtocol, func(Fingerprint) error { return nil })
		if err != nil {
			return
		}
		passing.Go(func() { io.Copy(near, far); near.Close() })
		io.Copy(far, near)
		far.Close()
	})
	host := openStore(t)
	if pin, err := host.Pair(t.Context(), listener.Addr().String(), "host", d.show(t)); !errors.Is(err, ErrRefused) {
		t.Errorf("paired with %+v, %v", pin, err)
	}
	if err := <-d.told; !errors.Is(err, ErrRefused) {
		t.Errorf("the desk was told %v", err)
	}
	for _, store := range []*Store{d.Store, host} {
		if pins, _ := store.Pins(); len(pins) != 0 {
			t.Errorf("pins %+v", pins)
		}
	}
}

// TestProofsCoverEverything changes one thing at a time.
func TestProofsCoverEverything(t *testing.T) {
	whole := binding{key: []byte("k"), exported: []byte("e"), sessionHost: Fingerprint{1}, desk: Fingerprint{2}}
	proof := string(whole.prove(fromSessionHost, "n"))
	for name, other := range map[string]binding{
		"key":         {key: []byte("x"), exported: whole.exported, sessionHost: whole.sessionHost, desk: whole.desk},
		"connection":  {key: whole.key, exported: []byte("x"), sessionHost: whole.sessionHost, desk: whole.desk},
		"sessionHost": {key: whole.key, exported: whole.exported, sessionHost: Fingerprint{3}, desk: whole.desk},
		"desk":        {key: whole.key, exported: whole.exported, sessionHost: whole.sessionHost, desk: Fingerprint{3}},
	} {
		if string(other.prove(fromSessionHost, "n")) == proof {
			t.Errorf("the %s is not covered", name)
		}
	}
	if string(whole.prove(fromDesk, "n")) == proof || string(whole.prove(fromSessionHost, "m")) == proof {
		t.Error("side or name are not covered")
	}
}

func TestRevoking(t *testing.T) {
	d := newDesk(t)
	host, other := d.pair(t, "host"), d.pair(t, "other")
	connection, err := host.Dial(t.Context(), d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := echo(connection); err != nil {
		t.Fatal(err)
	}
	if revoked, err := d.Revoke("host"); err != nil || len(revoked) != 1 {
		t.Fatalf("revoked %+v, %v", revoked, err)
	}
	if _, err := d.Revoke("host"); !errors.Is(err, ErrNotPaired) {
		t.Errorf("revoked twice: %v", err)
	}
	// The connection that there is ends too.
	connection.SetDeadline(time.Now().Add(patience))
	if _, err := connection.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection ended with %v", err)
	}
	if echoes(host, d.address) == nil {
		t.Error("it was let in again")
	}
	if err := echoes(other, d.address); err != nil {
		t.Errorf("another one: %v", err)
	}
}

func TestPairingAgainReplaces(t *testing.T) {
	d := newDesk(t)
	old, again := d.pair(t, "host"), d.pair(t, "host")
	if pins, _ := d.Pins(); len(pins) != 1 || pins[0].Key != again.own.String() {
		t.Errorf("pins %+v", pins)
	}
	if echoes(old, d.address) == nil {
		t.Error("the old key was let in")
	}
}

func TestDamagedPinsLetNobodyIn(t *testing.T) {
	d := newDesk(t)
	host := d.pair(t, "host")
	path := d.path(SessionHost, host.own.String())
	for _, damage := range []string{"", "{", `{"role":"endpoint","name":"host","key":"` + host.own.String() + `"}`, `{"role":"session-host","name":"host","key":"00"}`} {
		if err := writePrivate(path, []byte(damage), true); err != nil {
			t.Fatal(err)
		}
		if echoes(host, d.address) == nil {
			t.Errorf("%q let it in", damage)
		}
		if pins, err := d.Pins(); err != nil || len(pins) != 0 {
			t.Errorf("pins %+v, %v", pins, err)
		}
	}
}

func TestCleanNames(t *testing.T) {
	for name, want := range map[string]string{
		"desk-1": "desk-1", "": "unnamed", "\x1b[2J": "[2J", "a\nb": "ab", "\xff": "unnamed",
		strings.Repeat("ü", 40): strings.Repeat("ü", 32),
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func FuzzProof(f *testing.F) {
	proofs := &binding{key: []byte("k")}
	f.Add(append([]byte{1, 'n'}, proofs.prove(fromDesk, "n")...))
	f.Add([]byte{255, 1, 2})
	f.Fuzz(func(t *testing.T, message []byte) {
		name, err := proofs.receive(strings.NewReader(string(message)), fromDesk)
		if err == nil && !strings.HasPrefix(string(message[1:]), name+string(proofs.prove(fromDesk, name))) {
			t.Fatalf("took %q from %x", name, message)
		}
	})
}
