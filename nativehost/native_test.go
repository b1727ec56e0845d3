package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nearend/internal/nativemsg"
	"nearend/internal/protocol"
	"nearend/manifests"
)

// asProgram makes the test binary behave as nativehost itself.
const asProgram = "NEAREND_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// patience is how long a process may take for anything.
const patience = 20 * time.Second

// process is a nativehost that runs as a browser runs it.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	input  io.WriteCloser
	output io.ReadCloser
	writer *nativemsg.Writer
	reader *nativemsg.Reader
	stderr *bytes.Buffer
}

// program prepares a command with a home of its own.
func program(t *testing.T, home string, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], arguments...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_RUNTIME_DIR="+filepath.Join(home, "run"), endpointVariable+"=",
		// The race detector otherwise waits a second at each end.
		"GORACE=atexit_sleep_ms=0")
	return cmd
}

func startHost(t *testing.T, environment ...string) *process {
	t.Helper()
	cmd := program(t, t.TempDir(), manifests.ExtensionOrigin)
	cmd.Env = append(cmd.Env, environment...)
	p := &process{t: t, cmd: cmd, stderr: new(bytes.Buffer)}
	cmd.Stderr = p.stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.input, p.output = input, output
	p.writer, p.reader = nativemsg.NewWriter(input, 64<<20), nativemsg.NewReader(output, protocol.MaxMessage)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *process) write(message string) {
	p.t.Helper()
	if err := p.writer.Write([]byte(message)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) read() *protocol.Message {
	p.t.Helper()
	data, err := p.reader.Read()
	if err != nil {
		p.t.Fatalf("%v; standard error: %s", err, p.stderr)
	}
	message, err := protocol.Decode(data)
	if err != nil {
		p.t.Fatalf("%s: %v", data, err)
	}
	return message
}

// answer reads on to the reply to a request.
func (p *process) answer(doc string, id uint64) *protocol.Message {
	p.t.Helper()
	for {
		if message := p.read(); message.Doc == doc && message.ID == id && message.Method == "" {
			return message
		}
	}
}

func (p *process) expectError(doc string, id uint64, want protocol.ErrorName) {
	p.t.Helper()
	if reply := p.answer(doc, id); reply.Error == nil || reply.Error.Name != want {
		p.t.Fatalf("got %+v; want %s", reply, want)
	}
}

func (p *process) hello() protocol.HelloResult {
	p.t.Helper()
	p.write(`{"id":1,"method":"hello","params":{"version":1,"component":{"name":"extension","version":"0.1.0"}}}`)
	var result protocol.HelloResult
	if reply := p.answer("", 1); reply.Error != nil {
		p.t.Fatalf("hello: %v", reply.Error)
	} else if err := json.Unmarshal(reply.Result, &result); err != nil {
		p.t.Fatal(err)
	}
	return result
}

// leave closes the input, as a browser does, and expects nothing but messages
// on the way out and a clean end.
func (p *process) leave() {
	p.t.Helper()
	p.input.Close()
	for {
		if _, err := p.reader.Read(); err == io.EOF {
			break
		} else if err != nil {
			p.t.Fatalf("standard output is not clean: %v", err)
		}
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("%v; standard error: %s", err, p.stderr)
	}
}

func TestHelloNamesHostAndEndpoint(t *testing.T) {
	p := startHost(t)
	result := p.hello()
	var names []string
	for _, c := range result.Components {
		names = append(names, c.Name+" "+c.Version)
	}
	if got, want := strings.Join(names, ", "), "nativehost "+protocol.Product+", endpoint "+protocol.Product; got != want {
		t.Errorf("components %q, want %q", got, want)
	}
	p.leave()
}

func TestBadInputIsAnsweredAndSurvived(t *testing.T) {
	p := startHost(t)
	p.hello()
	p.write(`{"method":"document.open","params":{"document":"1:0","origin":"https://phone.example"}}`)
	for _, malformed := range []string{"", "{", "null garbage", "[1,2]", `{"id":"one"}`, "\x00\xff"} {
		p.write(malformed)
		p.expectError("", 0, protocol.SyntaxError)
	}
	p.write(strings.Repeat("x", protocol.MaxMessage+1))
	p.expectError("", 0, protocol.DataError)
	p.write(`{"doc":"1:0","id":1,"method":"devices.steal"}`)
	p.expectError("1:0", 1, protocol.NotSupportedError)
	p.write(`{"doc":"1:0","id":2,"method":"pc.create","params":{"pc":7}}`)
	p.expectError("1:0", 2, protocol.TypeError)
	p.write(`{"doc":"9:9","id":1,"method":"devices.enumerate"}`)
	p.expectError("9:9", 1, protocol.InvalidStateError)
	p.write(`{"doc":"1:0","id":3,"method":"devices.enumerate"}`)
	if reply := p.answer("1:0", 3); reply.Error != nil {
		t.Fatalf("after bad input: %v", reply.Error)
	}
	p.leave()
}

func TestLogsOfBothRoles(t *testing.T) {
	p := startHost(t)
	p.hello()
	for id, method := range map[uint64]string{2: "host.logs", 3: "endpoint.logs"} {
		request, err := json.Marshal(protocol.Message{ID: id, Method: protocol.Method(method)})
		if err != nil {
			t.Fatal(err)
		}
		p.write(string(request))
		var logs protocol.LogsResult
		if reply := p.answer("", id); reply.Error != nil {
			t.Fatal(reply.Error)
		} else if err := json.Unmarshal(reply.Result, &logs); err != nil || len(logs.Lines) == 0 {
			t.Fatalf("%s: %d lines, %v", method, len(logs.Lines), err)
		}
	}
	p.leave()
}

func TestInputThatIsNotNativeMessaging(t *testing.T) {
	p := startHost(t)
	var header [4]byte
	binary.LittleEndian.PutUint32(header[:], 1<<31)
	if _, err := p.input.Write(header[:]); err != nil {
		t.Fatal(err)
	}
	if _, err := p.reader.Read(); err != io.EOF {
		t.Fatalf("standard output: %v", err)
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Fatalf("ended with %v", err)
	}
	if !strings.Contains(p.stderr.String(), nativemsg.ErrNotNativeMessaging.Error()) {
		t.Errorf("standard error: %s", p.stderr)
	}
}

func TestOtherExtensionsAreRefused(t *testing.T) {
	for _, origin := range []string{
		"chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
		strings.TrimSuffix(manifests.ExtensionOrigin, "/"),
		manifests.ExtensionOrigin + "x", "https://phone.example/",
	} {
		cmd := program(t, t.TempDir(), origin)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
			t.Errorf("%s: ended with %v", origin, err)
		}
		if stdout.Len() > 0 || !strings.Contains(stderr.String(), manifests.ExtensionID) {
			t.Errorf("%s: standard output %q, standard error %q", origin, &stdout, &stderr)
		}
	}
}

func TestSignalEndsTheHost(t *testing.T) {
	p := startHost(t)
	p.hello()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := p.reader.Read(); err != io.EOF {
		t.Errorf("standard output: %v", err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("ended with %v; standard error: %s", err, p.stderr)
	}
}

func TestBrowserThatStopsReading(t *testing.T) {
	p := startHost(t)
	p.hello()
	p.output.Close()
	p.write(`{"id":2,"method":"host.logs"}`)
	p.input.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("ended with %v; standard error: %s", err, p.stderr)
	}
}
