package e2e_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/protocol"
	"nearend/internal/rig"
)

const origin = "chrome-extension://" + rig.ExtensionID + "/"

// nativeHost is the program as a browser starts it.
type nativeHost struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    io.Reader
	stderr strings.Builder
}

func startNativeHost(t *testing.T, arguments ...string) *nativeHost {
	t.Helper()
	_, program, err := rig.Built()
	if err != nil {
		t.Fatal(err)
	}
	h := &nativeHost{t: t, cmd: exec.Command(program, arguments...)}
	// No sound system: nothing here may reach a real microphone.
	h.cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_STATE_HOME="+t.TempDir(), "PULSE_SERVER=unix:/nonexistent")
	h.cmd.Stderr = &h.stderr
	if h.in, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if h.out, err = h.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.in.Close()
		_ = h.cmd.Process.Kill()
		_ = h.cmd.Wait()
	})
	return h
}

func (h *nativeHost) write(message string) {
	h.t.Helper()
	h.writeLength(uint32(len(message)))
	if _, err := io.WriteString(h.in, message); err != nil {
		h.t.Fatalf("the native messaging host does not read: %v; it said: %s", err, h.stderr.String())
	}
}

func (h *nativeHost) writeLength(length uint32) {
	h.t.Helper()
	if err := binary.Write(h.in, binary.LittleEndian, length); err != nil {
		h.t.Fatalf("the native messaging host does not read: %v; it said: %s", err, h.stderr.String())
	}
}

// reply reads messages until a reply comes, and returns it.
func (h *nativeHost) reply() protocol.Message {
	h.t.Helper()
	for {
		var length uint32
		if err := binary.Read(h.out, binary.LittleEndian, &length); err != nil {
			h.t.Fatalf("no reply: %v; it said: %s", err, h.stderr.String())
		}
		data := make([]byte, length)
		if _, err := io.ReadFull(h.out, data); err != nil {
			h.t.Fatal(err)
		}
		var m protocol.Message
		if err := json.Unmarshal(data, &m); err != nil {
			h.t.Fatalf("%v in %s", err, data)
		}
		if m.Method == "" {
			return m
		}
	}
}

const helloMessage = `{"id":1,"method":"hello","params":{"version":1,"component":{"name":"extension","version":"test"}}}`

// exited waits for the end and returns the exit code.
func (h *nativeHost) exited() int {
	h.t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, _ = io.Copy(io.Discard, h.out)
		ended <- h.cmd.Wait()
	}()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			h.t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		h.t.Fatal("the native messaging host does not end")
	}
	return h.cmd.ProcessState.ExitCode()
}

// TestBadNativeMessages: each gets a clear error, and the native messaging
// host goes on.
func TestBadNativeMessages(t *testing.T) {
	h := startNativeHost(t, origin)
	h.write(helloMessage)
	if m := h.reply(); m.Error != nil || m.ID != 1 {
		t.Fatalf("hello was refused: %+v", m)
	}
	h.write(`{"id":2,"method":"document.open","params":{"document":"d1","origin":"https://phone.example"}}`)
	if m := h.reply(); m.Error != nil {
		t.Fatalf("document.open was refused: %v", m.Error)
	}
	before := descriptors(t, h.cmd.Process.Pid)

	deep := strings.Repeat("[", 100000)
	for name, test := range map[string]struct {
		message string
		id      uint64
		error   protocol.ErrorName
	}{
		"not JSON":              {`{"id":`, 0, protocol.SyntaxError},
		"empty":                 {``, 0, protocol.SyntaxError},
		"nested without end":    {deep, 0, protocol.SyntaxError},
		"a list":                {`[]`, 0, ""},
		"a string":              {`"hello"`, 0, ""},
		"null":                  {`null`, 0, ""},
		"id of the wrong type":  {`{"id":"x","method":"pc.create"}`, 0, ""},
		"negative id":           {`{"id":-1,"method":"pc.create"}`, 0, ""},
		"oversized":             {`{"id":9,"method":"` + strings.Repeat("x", protocol.MaxMessage) + `"}`, 0, protocol.DataError},
		"unknown method":        {`{"doc":"d1","id":101,"method":"pc.explode"}`, 101, protocol.NotSupportedError},
		"unknown document":      {`{"doc":"nowhere","id":102,"method":"devices.enumerate"}`, 102, ""},
		"params of wrong types": {`{"doc":"d1","id":103,"method":"pc.create","params":{"pc":7}}`, 103, protocol.TypeError},
		"params are a list":     {`{"doc":"d1","id":104,"method":"pc.create","params":[]}`, 104, protocol.TypeError},
		"params are missing":    {`{"doc":"d1","id":105,"method":"pc.create"}`, 105, protocol.TypeError},
		"unknown connection":    {`{"doc":"d1","id":106,"method":"pc.createOffer","params":{"pc":"p9"}}`, 106, ""},
		"id too long":           {`{"doc":"d1","id":107,"method":"pc.create","params":{"pc":"` + strings.Repeat("p", 10000) + `"}}`, 107, protocol.TypeError},
		"a document's hello":    {`{"doc":"d1","id":108,"method":"hello","params":{"version":1}}`, 108, ""},
		"another version":       {`{"id":109,"method":"hello","params":{"version":999,"component":{"name":"extension","version":"x"}}}`, 109, protocol.NotSupportedError},
	} {
		h.write(test.message)
		m := h.reply()
		switch {
		case m.Error == nil:
			t.Errorf("%s: accepted", name)
		case m.ID != test.id:
			t.Errorf("%s: the error answers %d, want %d", name, m.ID, test.id)
		case test.error != "" && m.Error.Name != test.error:
			t.Errorf("%s: %v, want %s", name, m.Error, test.error)
		case m.Error.Message == "":
			t.Errorf("%s: %s says nothing", name, m.Error.Name)
		}
	}

	h.write(`{"doc":"d1","id":200,"method":"pc.create","params":{"pc":"p1","configuration":{}}}`)
	if m := h.reply(); m.Error != nil {
		t.Errorf("after all that, a good request is refused: %v", m.Error)
	}
	if after := descriptors(t, h.cmd.Process.Pid); after > before+2 {
		t.Errorf("%d open files after bad input, %d before", after, before)
	}
	h.in.Close()
	if code := h.exited(); code != 0 {
		t.Errorf("exit code %d at the end of input, want 0; it said: %s", code, h.stderr.String())
	}
}

func TestNotNativeMessaging(t *testing.T) {
	t.Run("a length that no browser sends", func(t *testing.T) {
		h := startNativeHost(t, origin)
		h.writeLength(0xffffffff)
		if code := h.exited(); code == 0 {
			t.Error("exit code 0")
		}
		complains(t, h, "native messaging")
	})
	t.Run("input that ends within a message", func(t *testing.T) {
		h := startNativeHost(t, origin)
		h.writeLength(100)
		_, _ = io.WriteString(h.in, "{")
		h.in.Close()
		if code := h.exited(); code == 0 {
			t.Error("exit code 0")
		}
		complains(t, h, "ended within a message")
	})
	t.Run("another extension", func(t *testing.T) {
		h := startNativeHost(t, "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/")
		if code := h.exited(); code == 0 {
			t.Error("exit code 0")
		}
		complains(t, h, "extension")
	})
}

func complains(t *testing.T, h *nativeHost, about string) {
	t.Helper()
	if text := h.stderr.String(); !strings.Contains(text, about) {
		t.Errorf("it says nothing of %q: %q", about, text)
	}
}

// TestForgedBridge: a page that plays the shim against the content script gets
// nothing, in vain and without harm.
func TestForgedBridge(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	page := openPhone(t, scene.Browser, scene.Site, "")
	call := dialFarEnd(t, scene, page)
	hosts, err := scene.Browser.NativeHosts()
	if err != nil || len(hosts) != 1 {
		t.Fatalf("%d native messaging hosts, want 1 (%v)", len(hosts), err)
	}
	before := descriptors(t, hosts[0].PID)

	const forge = `(async () => {
		const answers = [];
		const messages = [
			null, 7, 'text', [], {}, { id: 1 }, { id: 1, method: 7 }, { id: 1, method: 'host.logs' },
			{ id: 2, method: 'hello', params: { version: 1 } }, { id: 3, method: 'document.close', params: { document: 'd1' } },
			{ doc: 'other', id: 4, method: 'devices.enumerate' }, { id: 5, method: 'pc.explode' },
			{ id: 6, method: 'x'.repeat(2 << 20) }, { method: 'link.changed', params: { state: 'lost' } },
			{ method: 'pc.changed', params: { pc: 'p1' } }, { id: 7, error: { name: 'x' } },
		];
		for (let i = 0; i < 50; i++) {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = ({ data }) => answers.push(data);
			dispatchEvent(new MessageEvent('nearend:bridge', { ports: [port2] }));
			for (const message of messages) port1.postMessage(message);
		}
		for (const event of [new Event('nearend:bridge'), new CustomEvent('nearend:bridge', { detail: {} }),
			new MessageEvent('nearend:bridge', { data: {} }), new MessageEvent('nearend:bridge', { ports: [] })]) dispatchEvent(event);
		await new Promise((resolve) => setTimeout(resolve, 300));
		return JSON.stringify(answers);
	})()`
	if answers := eval[string](t, page, forge); answers != "[]" {
		t.Errorf("the forged bridge was answered: %.500s", answers)
	}
	if state := eval[string](t, page, `phone.pc.connectionState`); state != "connected" {
		t.Errorf("the call is %s after forged events", state)
	}
	packets := call.Heard().Packets
	poll(t, probeTime, func() error {
		if call.Heard().Packets <= packets+50 {
			return fmt.Errorf("the microphone does not reach the far end any more")
		}
		return nil
	})
	if after := descriptors(t, hosts[0].PID); after > before+4 {
		t.Errorf("%d open files after forged events, %d before", after, before)
	}

	// A page that asks its shim to open the bridge anew is no better off.
	run(t, page, `dispatchEvent(new Event('nearend:reconnect'))`)
	if answers := eval[string](t, page, forge); answers != "[]" {
		t.Errorf("after nearend:reconnect, the forged bridge was answered: %.500s", answers)
	}
	// Nor is a site that is not redirected.
	other := open(t, scene.Browser, strings.Replace(scene.Site.URL(), "localhost", "127.0.0.1", 1))
	if answers := eval[string](t, other, forge); answers != "[]" {
		t.Errorf("a site that is not redirected was answered: %.500s", answers)
	}
}

// descriptors counts a process's open files.
func descriptors(t *testing.T, pid int) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("/proc", fmt.Sprint(pid), "fd"))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
