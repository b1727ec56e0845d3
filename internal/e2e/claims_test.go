package e2e_test

import (
	"fmt"
	"time"

	"nearend/internal/measure"
)

// atLeast says that a reference was found.
func atLeast(peak float64, m measure.Match, what string) error {
	if m.Peak < peak {
		return fmt.Errorf("%s: correlation %.2f, want at least %.2f", what, m.Peak, peak)
	}
	return nil
}

// quiet says that nothing louder than silent was heard.
func quiet(r measure.Recording, what string) error {
	if r.Duration() < time.Second {
		return fmt.Errorf("%s: only %v were recorded", what, r.Duration())
	}
	if level := measure.Decibels(r.Loudest()); level > silent {
		return fmt.Errorf("%s: %.0f dB, want silence", what, level)
	}
	return nil
}

// none and more say something about a counter.
func none(count func() (int, error), what string) error {
	n, err := count()
	if err == nil && n != 0 {
		err = fmt.Errorf("%d %s, want none", n, what)
	}
	return err
}

func more(count func() (int, error), what string) error {
	n, err := count()
	if err == nil && n == 0 {
		err = fmt.Errorf("no %s, want some", what)
	}
	return err
}
