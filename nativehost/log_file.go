package main

import (
	"os"
	"path/filepath"
	"sync"
)

// maxLogFile is the size in bytes at which a log file is put aside; one old
// file is kept.
const maxLogFile = 1 << 20

// cappedFile is a log file that is put aside when it has grown to maxLogFile.
// Several processes may write to one; each line is one write.
type cappedFile struct {
	path string

	mu   sync.Mutex
	file *os.File
	size int64
}

// openLogFile opens a file to append to.
func openLogFile(path string) (*cappedFile, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	c := &cappedFile{path: path}
	return c, c.open()
}

func (c *cappedFile) open() error {
	file, err := os.OpenFile(c.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return err
	}
	c.file, c.size = file, info.Size()
	return nil
}

// Write writes a line.
func (c *cappedFile) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size > 0 && c.size+int64(len(line)) > maxLogFile {
		c.file.Close()
		// Another process may have done the same; then this one is gone already.
		_ = os.Rename(c.path, c.path+".1")
		if err := c.open(); err != nil {
			return 0, err
		}
	}
	n, err := c.file.Write(line)
	c.size += int64(n)
	return n, err
}

// Close closes the file.
func (c *cappedFile) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.file.Close()
}
