// Package pulsetest runs a private headless PulseAudio for tests, with virtual
// microphones and loudspeakers. It needs the programs pulseaudio, pactl, parec
// and pacat, and never touches another daemon.
//
//	server, err := pulsetest.Start(t.TempDir())
//	defer server.Stop()
//	mic, err := server.NewMicrophone("desk_mic", "Desk microphone")
//	speaker, err := server.NewSpeaker("desk_spk", "Desk speaker")
//	cmd.Env = append(os.Environ(), server.Env()...) // the program under test
//
//	said, err := server.Record(mic.Feed, 1)      // the truth of what was said
//	heard, err := server.Record(speaker.Monitor, 2)
//	err = mic.Play(ctx, samples)                 // mono, 48 kHz; waits for its end
//	a, b := said.Stop(), heard.Stop()
//
// Two recordings are aligned by their Started times, so that the delay between
// what was said and what was heard is the distance of the sound in both minus
// the distance of the starts.
package pulsetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Rate is the sampling rate in hertz of all devices, recordings and sounds.
const Rate = 48000

// startTimeout bounds how long a daemon may take to answer.
const startTimeout = 20 * time.Second

// Server is a private PulseAudio daemon. Methods are safe for concurrent use.
type Server struct {
	dir    string
	socket string

	mu      sync.Mutex
	daemon  *exec.Cmd
	exited  chan struct{}
	devices []device
	// defaults are pactl's arguments that choose the default devices.
	defaults map[string]string
}

// device is what Restart plugs in again.
type device interface {
	plug() error
	unplugged()
}

// Start runs a daemon whose files all live in dir, a folder of the caller's
// with a path short enough for a unix socket.
func Start(dir string) (*Server, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, socket: filepath.Join(dir, "pulse.sock"), defaults: map[string]string{}}
	if len(s.socket) > 100 {
		return nil, fmt.Errorf("pulsetest: path too long for a socket: %s", s.socket)
	}
	if err := s.start(); err != nil {
		return nil, err
	}
	return s, nil
}

// Address is what a PulseAudio client takes as its server.
func (s *Server) Address() string { return "unix:" + s.socket }

// Env is the environment that leads a program to this server and to no other.
func (s *Server) Env() []string {
	return []string{
		"PULSE_SERVER=" + s.Address(),
		"PULSE_RUNTIME_PATH=" + filepath.Join(s.dir, "run"),
		"PULSE_STATE_PATH=" + filepath.Join(s.dir, "state"),
		"PULSE_COOKIE=" + filepath.Join(s.dir, "cookie"),
	}
}

// start runs the daemon and waits until it answers. Takes the lock itself.
func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.daemon != nil {
		return errors.New("pulsetest: already running")
	}
	for _, sub := range []string{"run", "state"} {
		if err := os.MkdirAll(filepath.Join(s.dir, sub), 0o700); err != nil {
			return err
		}
	}
	os.Remove(s.socket)
	log := filepath.Join(s.dir, "pulse.log")
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit",
		"--realtime=no", "--high-priority=no", "--use-pid-file=no", "--log-target=file:"+log,
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+s.socket)
	cmd.Env = s.daemonEnv()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("pulsetest: %w (install the package pulseaudio)", err)
	}
	exited := make(chan struct{})
	go func() {
		cmd.Wait()
		close(exited)
	}()
	deadline := time.NewTimer(startTimeout)
	defer deadline.Stop()
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	for {
		if conn, err := net.Dial("unix", s.socket); err == nil {
			conn.Close()
			s.daemon, s.exited = cmd, exited
			return nil
		}
		select {
		case <-exited:
			text, _ := os.ReadFile(log)
			return fmt.Errorf("pulsetest: pulseaudio ended at once: %s", bytes.TrimSpace(text))
		case <-deadline.C:
			cmd.Process.Kill()
			<-exited
			return errors.New("pulsetest: pulseaudio does not answer")
		case <-retry.C:
		}
	}
}

// daemonEnv is this process's environment without what could lead the daemon
// or its clients to another session.
func (s *Server) daemonEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PULSE_") && !strings.HasPrefix(v, "DISPLAY=") &&
			!strings.HasPrefix(v, "DBUS_") && !strings.HasPrefix(v, "XDG_") && !strings.HasPrefix(v, "HOME=") {
			env = append(env, v)
		}
	}
	return append(append(env, s.Env()...), "HOME="+s.dir)
}

// Kill ends the daemon as a crash does, without a goodbye to its clients.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices {
		d.unplugged()
	}
	if s.daemon == nil {
		return nil
	}
	err := s.daemon.Process.Kill()
	<-s.exited
	s.daemon = nil
	return err
}

// Restart kills the daemon and starts it with the same devices and defaults.
func (s *Server) Restart() error {
	if err := s.Kill(); err != nil {
		return err
	}
	if err := s.start(); err != nil {
		return err
	}
	s.mu.Lock()
	devices, defaults := slices.Clone(s.devices), maps.Clone(s.defaults)
	s.mu.Unlock()
	for _, d := range devices {
		if err := d.plug(); err != nil {
			return err
		}
	}
	for command, name := range defaults {
		if _, err := s.Pactl(command, name); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends the daemon and everything that plays or records on it.
func (s *Server) Stop() error { return s.Kill() }

// SetDefaultSource makes the named source the default microphone.
func (s *Server) SetDefaultSource(name string) error { return s.setDefault("set-default-source", name) }

// SetDefaultSink makes the named sink the default loudspeaker.
func (s *Server) SetDefaultSink(name string) error { return s.setDefault("set-default-sink", name) }

func (s *Server) setDefault(command, name string) error {
	if _, err := s.Pactl(command, name); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.defaults[command] = name
	return nil
}

// Pactl runs pactl against this server and returns what it printed.
func (s *Server) Pactl(arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "pactl", arguments...)
	cmd.Env = s.daemonEnv()
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil {
		return "", fmt.Errorf("pulsetest: pactl %s: %w: %s", strings.Join(arguments, " "), err, text)
	}
	return text, nil
}

// command prepares a client program of this server.
func (s *Server) command(ctx context.Context, name string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Env = s.daemonEnv()
	return cmd
}
