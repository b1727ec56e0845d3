package rig

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// Pressure tells how much of a stretch of time something waited for a
// processor (Linux pressure stall information). A measurement of delay or
// quality under more than MaxStall says more about the machine than about
// what was measured.
type Pressure struct {
	began  time.Time
	waited time.Duration
}

// MaxStall is the share above which a measurement is worth repeating.
const MaxStall = 0.15

// StartPressure begins a stretch.
func StartPressure() Pressure { return Pressure{time.Now(), waitedSoFar()} }

// Stall is the share of the stretch so far, from 0 to 1; 0 where the kernel
// does not tell.
func (p Pressure) Stall() float64 {
	return (waitedSoFar() - p.waited).Seconds() / max(time.Since(p.began).Seconds(), 1e-3)
}

func waitedSoFar() time.Duration {
	data, err := os.ReadFile("/proc/pressure/cpu")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if some, ok := strings.CutPrefix(line, "some "); ok {
			_, total, _ := strings.Cut(some, "total=")
			microseconds, _ := strconv.ParseInt(strings.TrimSpace(total), 10, 64)
			return time.Duration(microseconds) * time.Microsecond
		}
	}
	return 0
}
