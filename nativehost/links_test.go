package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"nearend/internal/protocol"
)

// TestEndpointAtASocket runs both roles as processes of their own.
func TestEndpointAtASocket(t *testing.T) {
	home := t.TempDir()
	socket := filepath.Join(home, "e.sock")
	serve := program(t, home, "endpoint", "--socket", socket)
	stderr, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	awaitText(t, stderr, "endpoint listens")
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket has mode %v, %v", info.Mode(), err)
	}

	again := program(t, home, "endpoint", "--socket", socket)
	if out, err := again.CombinedOutput(); err == nil || !strings.Contains(string(out), "another endpoint") {
		t.Errorf("a second endpoint: %v, %s", err, out)
	}

	p := startHost(t, endpointVariable+"="+socket)
	if result := p.hello(); len(result.Components) != 2 {
		t.Errorf("components %+v", result.Components)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if message := p.read(); message.Method != protocol.LinkChanged {
		t.Fatalf("the browser was told %+v", message)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("the endpoint ended with %v", err)
	}
	p.write(`{"id":2,"method":"hello","params":{"version":1}}`)
	p.expectError("", 2, protocol.NetworkError)
	p.leave()
}

// TestDocumentsSurviveACutSocket puts itself between the two processes.
func TestDocumentsSurviveACutSocket(t *testing.T) {
	home := t.TempDir()
	socket, between := filepath.Join(home, "e.sock"), filepath.Join(home, "b.sock")
	serve := program(t, home, "endpoint", "--socket", socket)
	stderr, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	awaitText(t, stderr, "endpoint listens")
	cut, _ := passOn(t, "unix", between, socket)

	p := startHost(t, endpointVariable+"="+between)
	p.hello()
	p.surviveCuts(cut)
	p.leave()
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("the endpoint ended with %v", err)
	}
}

// surviveCuts uses a peer connection across cuts of the connection.
func (p *process) surviveCuts(cut func()) {
	p.t.Helper()
	p.write(`{"method":"document.open","params":{"document":"1:0","origin":"https://phone.example"}}`)
	p.write(`{"doc":"1:0","id":1,"method":"pc.create","params":{"pc":"p1","configuration":{"iceServers":[],"iceTransportPolicy":"all","bundlePolicy":"balanced","rtcpMuxPolicy":"require","iceCandidatePoolSize":0}}}`)
	if reply := p.answer("1:0", 1); reply.Error != nil {
		p.t.Fatal(reply.Error)
	}
	for id := uint64(2); id < 5; id++ {
		cut()
		p.write(fmt.Sprintf(`{"doc":"1:0","id":%d,"method":"pc.createOffer","params":{"pc":"p1"}}`, id))
		if reply := p.answer("1:0", id); reply.Error != nil {
			p.t.Fatal(reply.Error)
		}
	}
}

// TestPairedMachines has two users on two machines, as far as they know.
func TestPairedMachines(t *testing.T) {
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	behind := reserved.Addr().String()
	reserved.Close()
	cut, address := passOn(t, "tcp", "127.0.0.1:0", behind)
	desk, host := t.TempDir(), t.TempDir()

	serve := program(t, desk, "endpoint", "--listen", behind)
	stderr, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	awaitText(t, stderr, "endpoint listens")

	show := program(t, desk, "pair", "--name", "my desk")
	shown, err := show.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := show.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(shown)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	join := program(t, host, "pair", "--to", address, "--name", "my session host")
	join.Stdin = strings.NewReader(strings.TrimPrefix(line, "Pairing code: "))
	if out, err := join.CombinedOutput(); err != nil || !strings.Contains(string(out), "Paired with my desk") {
		t.Fatalf("%v, %s", err, out)
	}
	rest, err := io.ReadAll(lines)
	if err := errors.Join(err, show.Wait()); err != nil || !strings.Contains(string(rest), "Paired with my session host.") {
		t.Fatalf("%v, %s", err, rest)
	}
	for home, name := range map[string]string{desk: "my session host", host: "my desk"} {
		if out, _, code := execute(t, home, "pair", "--list"); code != exitOK || !strings.HasPrefix(out, name+" ") {
			t.Errorf("exit code %d, %s", code, out)
		}
	}

	p := startHost(t, endpointVariable+"="+tlsScheme+address, "XDG_CONFIG_HOME="+filepath.Join(host, "config"))
	if result := p.hello(); len(result.Components) != 2 {
		t.Errorf("components %+v", result.Components)
	}
	p.surviveCuts(cut)
	stranger := startHost(t, endpointVariable+"="+tlsScheme+address)
	stranger.write(`{"id":1,"method":"hello","params":{"version":1}}`)
	stranger.expectError("", 1, protocol.NetworkError)
	stranger.leave()
	if _, errs, code := execute(t, desk, "pair", "--revoke", "my session host"); code != exitOK {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if _, _, code := execute(t, desk, "pair", "--revoke", "my session host"); code != exitFailed {
		t.Errorf("revoked twice: exit code %d", code)
	}
	if message := p.read(); message.Method != protocol.LinkChanged {
		t.Errorf("the one revoked was told %+v", message)
	}
	p.leave()
	revoked := startHost(t, endpointVariable+"="+tlsScheme+address, "XDG_CONFIG_HOME="+filepath.Join(host, "config"))
	revoked.write(`{"id":1,"method":"hello","params":{"version":1}}`)
	revoked.expectError("", 1, protocol.NetworkError)
	revoked.leave()
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("the endpoint ended with %v", err)
	}
}

// passOn listens and passes connections on to another address, until the
// function returned cuts those that there are.
func passOn(t *testing.T, network, from, to string) (cut func(), address string) {
	t.Helper()
	listener, err := net.Listen(network, from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var mu sync.Mutex
	var open []net.Conn
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, to)
			if err != nil {
				near.Close()
				continue
			}
			mu.Lock()
			open = append(open, near, far)
			mu.Unlock()
			go func() { io.Copy(near, far); near.Close() }()
			go func() { io.Copy(far, near); far.Close() }()
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		for _, connection := range open {
			connection.Close()
		}
		open = nil
	}, listener.Addr().String()
}

// awaitText reads until the text was there, and the rest beside the test.
func awaitText(t *testing.T, input io.Reader, text string) {
	t.Helper()
	var seen strings.Builder
	buffer := make([]byte, 1024)
	for !strings.Contains(seen.String(), text) {
		n, err := input.Read(buffer)
		seen.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v; it said %s", err, &seen)
		}
	}
	go io.Copy(io.Discard, input)
}
