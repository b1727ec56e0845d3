package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/logring"
	"nearend/internal/protocol"
)

// logVariable sets the level of the log.
const logVariable = "NEAREND_LOG"

// newLogger returns a logger that writes to the ring, and to standard error
// for people or to a file. The function returned closes it.
func newLogger(ring *logring.Ring, people bool) (zerolog.Logger, func()) {
	zerolog.TimeFieldFormat = time.RFC3339Nano
	level, err := zerolog.ParseLevel(os.Getenv(logVariable))
	if err != nil || level == zerolog.NoLevel {
		level = zerolog.InfoLevel
	}
	closeLog := func() {}
	var second io.Writer = zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.TimeOnly, NoColor: !isTerminal(os.Stderr)}
	if !people {
		second = io.Discard
		if file, err := openLogFile(logFile()); err == nil {
			second, closeLog = file, func() { file.Close() }
		}
	}
	writer := zerolog.MultiLevelWriter(ring, second)
	return zerolog.New(writer).Level(level).With().Timestamp().Logger(), closeLog
}

// logFile is where the log goes when a browser has started the process.
func logFile() string {
	folder := os.Getenv("XDG_STATE_HOME")
	if folder == "" {
		if home, err := os.UserHomeDir(); err == nil && runtime.GOOS == "linux" {
			folder = filepath.Join(home, ".local", "state")
		} else if folder, err = os.UserCacheDir(); err != nil {
			folder = os.TempDir()
		}
	}
	return filepath.Join(folder, "nearend", "nativehost.log")
}

// component is this process in a handshake.
func component(name string) protocol.Component {
	return protocol.Component{Name: name, Version: protocol.Product, Platform: runtime.GOOS + "/" + runtime.GOARCH}
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
