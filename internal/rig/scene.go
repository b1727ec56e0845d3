package rig

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/demo"
)

// SceneOptions say what a scene holds.
type SceneOptions struct {
	// Redirected loads the built extension and native messaging host and lists
	// the site; otherwise the browser is plain.
	Redirected bool
	// FarEnd is how the site's far end behaves.
	FarEnd demo.FarEndOptions
	// Apart runs the endpoint as a process of its own, so that what it uses can
	// be told from what the native messaging host uses.
	Apart bool
	// Window opens a visible browser that uses the machine's own sound instead
	// of a Desk.
	Window bool
	// Output takes the stderr of browser and native messaging host.
	Output *os.File
	Logger zerolog.Logger
}

// Scene is everything for a call: a desk, a browser at it, and the softphone
// site with its far end.
type Scene struct {
	// Desk is nil with a window.
	Desk    *Desk
	Browser *Browser
	Site    *demo.Server

	endpoint *exec.Cmd
	cancel   context.CancelFunc
	served   chan error
}

// NewScene sets everything up. Close it.
func NewScene(ctx context.Context, options SceneOptions) (*Scene, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &Scene{cancel: cancel}
	if err := s.open(ctx, options); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Scene) open(ctx context.Context, options SceneOptions) (err error) {
	if s.Site, err = demo.New(demo.Options{FarEnd: options.FarEnd, Logger: options.Logger}); err != nil {
		return err
	}
	s.served = make(chan error, 1)
	go func() { s.served <- s.Site.Run(ctx) }()

	browser := BrowserOptions{Window: options.Window, GrantMicrophone: !options.Redirected, Output: options.Output}
	if !options.Window {
		if s.Desk, err = NewDesk(); err != nil {
			return err
		}
		browser.Env = s.Desk.Env()
	}
	if options.Redirected {
		if browser.Extension, browser.NativeHost, err = Built(); err != nil {
			return err
		}
	}
	if options.Apart {
		socket := filepath.Join(s.Desk.folder, "endpoint.sock")
		if err := s.startEndpoint(ctx, browser.NativeHost, socket, options.Output); err != nil {
			return err
		}
		browser.Env = append(browser.Env, "NEAREND_ENDPOINT="+socket)
	}
	if s.Browser, err = Launch(ctx, browser); err != nil {
		return err
	}
	if options.Redirected {
		return s.Browser.SetSite(s.Site.URL(), true)
	}
	return nil
}

func (s *Scene) startEndpoint(ctx context.Context, program, socket string, output *os.File) error {
	s.endpoint = exec.Command(program, "endpoint", "--socket", socket)
	s.endpoint.Env = append(os.Environ(), s.Desk.Env()...)
	s.endpoint.Stderr = output
	if err := s.endpoint.Start(); err != nil {
		return err
	}
	return Poll(ctx, 10*time.Second, func() error {
		_, err := os.Stat(socket)
		return err
	})
}

// EndpointUsage is what the endpoint of an Apart scene uses, nothing in others.
func (s *Scene) EndpointUsage() (Usage, error) {
	if s.endpoint == nil {
		return Usage{}, nil
	}
	all, _, err := processes()
	if err != nil {
		return Usage{}, err
	}
	p := all[s.endpoint.Process.Pid]
	return Usage{CPU: p.CPU, RSS: p.RSS, PSS: proportionalSize(p.PID)}, nil
}

// Close ends the browser, the endpoint, the site and the desk, in this order.
func (s *Scene) Close() {
	if s.Browser != nil {
		s.Browser.Close()
	}
	if s.endpoint != nil && s.endpoint.Process != nil {
		_ = s.endpoint.Process.Signal(os.Interrupt)
		_ = s.endpoint.Wait()
	}
	s.cancel()
	if s.served != nil {
		<-s.served
	}
	if s.Desk != nil {
		s.Desk.Close()
	}
}

// Built finds the built extension and native messaging host.
func Built() (extension, nativeHost string, err error) {
	root, err := Root()
	if err != nil {
		return "", "", err
	}
	extension, nativeHost = filepath.Join(root, "dist", "extension"), filepath.Join(root, "dist", "nativehost")
	for _, path := range []string{filepath.Join(extension, "manifest.json"), nativeHost} {
		if _, err := os.Stat(path); err != nil {
			return "", "", fmt.Errorf("%s is missing: run 'make build' first", path)
		}
	}
	return extension, nativeHost, nil
}
