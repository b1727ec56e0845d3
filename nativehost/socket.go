package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// defaultSocket is in the folder that the system keeps for this user.
func defaultSocket() string {
	folder := os.Getenv("XDG_RUNTIME_DIR")
	if folder == "" {
		var err error
		if folder, err = os.UserCacheDir(); err != nil {
			folder = os.TempDir()
		}
	}
	return filepath.Join(folder, "nearend", "endpoint.sock")
}

// listen makes the socket in a folder that only its owner can enter. A socket
// that nobody answers on any more is replaced.
func listen(ctx context.Context, socket string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		return nil, err
	}
	if connection, err := new(net.Dialer).DialContext(ctx, "unix", socket); err == nil {
		connection.Close()
		return nil, fmt.Errorf("another endpoint listens on %s; stop it first", socket)
	}
	if info, err := os.Lstat(socket); err == nil {
		if info.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("%s exists and is not a socket; remove it or name another", socket)
		}
		if err := os.Remove(socket); err != nil {
			return nil, err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}
