package pulsetest_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"nearend/internal/audio/pulsetest"
)

func tone(hertz float64, length time.Duration) []int16 {
	out := make([]int16, int(length.Seconds()*pulsetest.Rate))
	for i := range out {
		out[i] = int16(12000 * math.Sin(2*math.Pi*hertz*float64(i)/pulsetest.Rate))
	}
	return out
}

// loud counts the samples above an eighth of full scale.
func loud(samples []int16) int {
	n := 0
	for _, v := range samples {
		if v > 4096 || v < -4096 {
			n++
		}
	}
	return n
}

func TestPlayRecordRestartUnplug(t *testing.T) {
	server, err := pulsetest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	mic, err := server.NewMicrophone("desk_mic", "Desk microphone")
	if err != nil {
		t.Fatal(err)
	}
	speaker, err := server.NewSpeaker("desk_spk", "Desk speaker")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.SetDefaultSource(mic.Source); err != nil {
		t.Fatal(err)
	}
	listen := func() {
		t.Helper()
		recording, err := server.Record(mic.Source, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := mic.Play(context.Background(), tone(700, 500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		// Two thirds of a sine of 12000 lie above 4096.
		if n := loud(recording.Stop()); n < 12000 {
			t.Errorf("%d loud samples of about 18700", n)
		}
	}
	listen()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	listen()
	if name, err := server.Pactl("get-default-source"); err != nil || name != "desk_mic" {
		t.Errorf("default source %q, %v", name, err)
	}
	if err := speaker.Unplug(); err != nil {
		t.Fatal(err)
	}
	if list, _ := server.Pactl("list", "short", "sinks"); strings.Contains(list, "desk_spk") {
		t.Error("the speaker is still there")
	}
	if err := speaker.Plug(); err != nil {
		t.Fatal(err)
	}
	list, _ := server.Pactl("list", "sinks")
	if !strings.Contains(list, "Description: Desk speaker") {
		t.Errorf("no description in\n%s", list)
	}
}
