package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"nearend/internal/demo"
	"nearend/internal/rig"
)

// TestJanus: the unmodified janus.js and adapter.js in a redirected page
// against the echo test of Debian's Janus.
func TestJanus(t *testing.T) {
	server := startJanus(t)
	web := httptest.NewServer(http.FileServer(http.Dir("web")))
	t.Cleanup(web.Close)
	// Only localhost and 127.0.0.1 may be redirected without TLS.
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	if err := scene.Browser.SetSite(web.URL, true); err != nil {
		t.Fatal(err)
	}
	connections := internals(t, scene.Browser)
	page := open(t, scene.Browser, web.URL+"/janus.html")
	wait(t, page, `globalThis.echoTest`)
	if got := eval[string](t, page, `adapter.browserDetails.browser`); got != "chrome" {
		t.Errorf("adapter.js takes the browser for %q", got)
	}
	run(t, page, fmt.Sprintf(`echoTest(%q)`, server))
	wait(t, page, `document.getElementById('out').srcObject?.getAudioTracks().length === 1 && state.webrtc === true`)

	said := speech(t).Slice(0, 5*time.Second)
	unhurried(t, func() error {
		mine, heardBack := recordSaid(t, scene.Desk), recordHeard(t, scene.Desk)
		say(t, scene.Desk, said)
		return rig.Poll(t.Context(), 3*time.Second, func() error {
			echo, err := rig.Between(said, mine, heardBack)
			if err != nil {
				return err
			}
			return atLeast(heard, echo, "the echo from Janus")
		})
	})
	t.Run("mute", func(t *testing.T) {
		run(t, page, `handle.muteAudio()`)
		afterTail(t)
		heardBack := recordHeard(t, scene.Desk)
		say(t, scene.Desk, said.Slice(0, 3*time.Second))
		if err := quiet(heardBack.Sound(), "the echo of a muted microphone"); err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(
		none(connections.PeerConnections, "native peer connections"),
		none(scene.Browser.UDPSockets, "UDP sockets of the browser"),
	); err != nil {
		t.Error(err)
	}
	run(t, page, `handle.hangup()`)
	wait(t, page, `state.cleaned === true`)
}

// startJanus runs Janus on loopback and returns its WebSocket address.
func startJanus(t *testing.T) string {
	t.Helper()
	const library = "/usr/lib/x86_64-linux-gnu/janus/"
	folder := t.TempDir()
	port := freePort(t)
	files := map[string]string{
		"janus.jcfg": fmt.Sprintf(`
general: { configs_folder = %q; plugins_folder = "%splugins"; transports_folder = "%stransports";
	events_folder = "%sevents"; loggers_folder = "%sloggers"; interface = "127.0.0.1"; debug_level = 3 }
nat: { ice_enforce_list = "127.0.0.1"; full_trickle = true }
media: { dtls_mtu = 1200 }
plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }
transports: { disable = "libjanus_http.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so" }
`, folder, library, library, library, library),
		"janus.transport.websockets.jcfg": fmt.Sprintf(`
general: { json = "compact"; ws = true; ws_ip = "127.0.0.1"; ws_port = %d; wss = false }
admin: { admin_ws = false }
`, port),
		"janus.plugin.echotest.jcfg": "general: { }\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "janus", "--config="+filepath.Join(folder, "janus.jcfg"), "--configs-folder="+folder)
	log := logFile(t)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: run 'make deps'", err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	address := fmt.Sprintf("127.0.0.1:%d", port)
	err := rig.Poll(t.Context(), 15*time.Second, func() error {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err
	})
	if err != nil {
		t.Fatalf("Janus does not start, see %s: %v", log.Name(), err)
	}
	return "ws://" + address + "/"
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
