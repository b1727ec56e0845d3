package pulsetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"
)

// Play plays mono samples on a sink and returns when they have been played.
func (s *Server) Play(ctx context.Context, sink string, samples []int16) error {
	cmd := s.command(ctx, "pacat", "--playback", "--raw", "--rate=48000", "--channels=1", "--format=s16le",
		fmt.Sprintf("--latency-msec=%d", playLatency.Milliseconds()), "--device="+sink)
	var in bytes.Buffer
	if err := binary.Write(&in, binary.LittleEndian, samples); err != nil {
		return err
	}
	cmd.Stdin = &in
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pulsetest: pacat: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// Recording is a source being recorded.
type Recording struct {
	channels int
	cmd      *exec.Cmd
	done     chan struct{}

	mu      sync.Mutex
	samples []int16
	started time.Time
}

// Record starts recording a source and returns once the first samples are
// there. More than one channel is interleaved.
func (s *Server) Record(source string, channels int) (*Recording, error) {
	cmd := s.command(context.Background(), "parec", "--raw", "--rate=48000", fmt.Sprintf("--channels=%d", channels),
		"--format=s16le", "--latency-msec=10", "--device="+source)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("pulsetest: %w (install the package pulseaudio-utils)", err)
	}
	r := &Recording{channels: channels, cmd: cmd, done: make(chan struct{})}
	first := make(chan struct{})
	go r.collect(out, first)
	timeout := time.NewTimer(startTimeout)
	defer timeout.Stop()
	select {
	case <-first:
		return r, nil
	case <-r.done:
		return nil, fmt.Errorf("pulsetest: parec cannot record %s", source)
	case <-timeout.C:
		r.Stop()
		return nil, fmt.Errorf("pulsetest: %s gives nothing", source)
	}
}

func (r *Recording) collect(out io.Reader, first chan struct{}) {
	defer close(r.done)
	buffer := make([]byte, 1<<16)
	rest := 0
	for {
		n, err := out.Read(buffer[rest:])
		now := time.Now()
		if n > 0 {
			n += rest
			rest = n % 2
			r.take(buffer[:n-rest], now)
			copy(buffer, buffer[n-rest:n])
			if first != nil {
				close(first)
				first = nil
			}
		}
		if err != nil {
			return
		}
	}
}

// take appends what arrived now. A sound cannot arrive before it was, so the
// earliest start that any arrival speaks of is the best.
func (r *Recording) take(data []byte, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := 0; i+1 < len(data); i += 2 {
		r.samples = append(r.samples, int16(binary.LittleEndian.Uint16(data[i:])))
	}
	length := time.Duration(len(r.samples)/r.channels) * time.Second / Rate
	if start := now.Add(-length); r.started.IsZero() || start.Before(r.started) {
		r.started = start
	}
}

// Samples returns what has been recorded so far.
func (r *Recording) Samples() []int16 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]int16(nil), r.samples...)
}

// Started estimates when the first sample was heard, late by the same few
// milliseconds for every recording. It gets better while recording.
func (r *Recording) Started() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.started
}

// Stop ends the recording and returns all of it.
func (r *Recording) Stop() []int16 {
	r.cmd.Process.Kill()
	<-r.done
	r.cmd.Wait()
	return r.Samples()
}
