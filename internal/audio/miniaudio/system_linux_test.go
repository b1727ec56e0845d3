package miniaudio

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

// TestNoRealTimeThreads guards against a machine that stands still.
func TestNoRealTimeThreads(t *testing.T) {
	system, err := New(zerolog.Nop(), Backends("null"))
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	c, err := system.OpenCapture("")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		// proc(5): policy is field 41; the command in parentheses comes second.
		stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%s/stat", task.Name()))
		if err != nil {
			continue // the thread has ended
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if policy := fields[41-3]; policy != "0" {
			t.Errorf("a thread has scheduling policy %s", policy)
		}
	}
}
