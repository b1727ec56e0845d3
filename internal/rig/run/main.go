// Command run is behind "make run": it shows the product at work. With a
// display it opens a window with the softphone and stays until that is closed.
// Without one, or with HEADLESS=1, it makes a call against virtual audio
// devices, measures it, and prints a report that ends in one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := headless
	if os.Getenv("HEADLESS") != "1" && (os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "") {
		run = window
	}
	err := run(ctx)
	if err != nil && !errors.Is(err, errFailed) {
		fmt.Fprintln(os.Stderr, "run:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}

// errFailed says that the report has told already what is wrong.
var errFailed = errors.New("the call is not as it should be")

// window shows the softphone to a person.
func window(ctx context.Context) error {
	logger := zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.TimeOnly}).With().Timestamp().Logger()
	scene, err := rig.NewScene(ctx, rig.SceneOptions{Redirected: true, Window: true, Logger: logger})
	if err != nil {
		return err
	}
	defer scene.Close()
	page := scene.Browser.FirstPage()
	if err := page.Navigate(scene.Site.URL() + "?dial=" + demo.FarEndNumber); err != nil {
		return err
	}
	fmt.Println("The softphone is at", scene.Site.URL(), "and calls the far end. Close the window to stop.")
	<-page.Context().Done()
	return nil
}

// What a call has to reach. Opus at the bitrate of a call, seen through half-
// second windows, gives 0.95 and more; another voice gives below 0.3.
const heardThreshold = 0.85

const attempts = 3

func headless(ctx context.Context) error {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	speech, err := measure.ReadWAV(filepath.Join(root, "testdata", "speech", "mouth.wav"))
	if err != nil {
		return err
	}
	const echoDelay = time.Second
	scene, err := rig.NewScene(ctx, rig.SceneOptions{
		Redirected: true,
		FarEnd:     demo.FarEndOptions{EchoDelay: echoDelay, Record: time.Minute},
	})
	if err != nil {
		return err
	}
	defer scene.Close()

	fmt.Println("Calling the far end from a redirected page. This takes about 20 seconds.")
	var r rig.CallReport
	for attempt := 1; ; attempt++ {
		if r, err = scene.Call(ctx, speech, echoDelay, ""); err != nil {
			return err
		}
		if r.Stall <= rig.MaxStall || attempt == attempts || failures(r) == nil {
			break
		}
		fmt.Printf("The machine was short of processor time for %.0f %% of the call; once more.\n", 100*r.Stall)
	}
	versions, err := scene.Browser.Components()
	if err != nil {
		return err
	}
	versions["browser"] = scene.Browser.Version()
	printReport(r)
	failed := failures(r)
	if failed != nil {
		fmt.Fprintln(os.Stderr, failed)
	}
	if err := printJSON(r, versions); err != nil {
		return err
	}
	if failed != nil {
		return errFailed
	}
	return nil
}

// failures names everything that a redirected call must not show.
func failures(r rig.CallReport) error {
	var failed []error
	fail := func(format string, arguments ...any) { failed = append(failed, fmt.Errorf(format, arguments...)) }
	if r.NativePeerConnections != 0 {
		fail("the browser made %d peer connections of its own", r.NativePeerConnections)
	}
	if r.MediaBytes != 0 || r.UDPSockets != 0 {
		fail("the browser carried media: %d bytes, %d UDP sockets", r.MediaBytes, r.UDPSockets)
	}
	if r.AudioStreams != 0 {
		fail("the browser held %d audio streams", r.AudioStreams)
	}
	heard := func(m measure.Match, complaint string) {
		if m.Peak < heardThreshold {
			fail("%s: correlation %.2f, at least %.2f is needed", complaint, m.Peak, heardThreshold)
		}
	}
	heard(r.FarEnd, "the far end did not hear the microphone")
	heard(r.Speaker, "the speaker did not hear the far end")
	heard(r.Echo, "the speech did not come back")
	return errors.Join(failed...)
}

func printReport(r rig.CallReport) {
	fmt.Printf(`
  Call set up in                       %d ms
  Far end heard the microphone         %.2f  (correlation, 1 is perfect)
  Speaker heard the far end            %.2f
  Mouth to ear                         %d ms
  Native peer connections              %d
  Audio streams of the browser         %d
  UDP sockets of the browser           %d
  Browser                              %.1f %% of a core
  Native messaging host and endpoint   %.1f %% of a core, %d MB

`, r.Setup.Milliseconds(), r.FarEnd.Peak, r.Speaker.Peak, r.MouthToEar.Milliseconds(), r.NativePeerConnections,
		r.AudioStreams, r.UDPSockets, share(r.Browser, r.Length), share(r.Host, r.Length), r.Host.RSS>>20)
}

func share(u rig.Usage, length time.Duration) float64 {
	return 100 * u.CPU.Seconds() / length.Seconds()
}

func printJSON(r rig.CallReport, versions map[string]string) error {
	line, err := json.Marshal(struct {
		Redirected            bool              `json:"redirected"`
		NativePeerConnections int               `json:"nativePeerConnections"`
		FarEndHeardMicrophone float64           `json:"farEndHeardMicrophone"`
		SpeakerHeardFarEnd    float64           `json:"speakerHeardFarEnd"`
		MouthToEarMs          int64             `json:"mouthToEarMs"`
		SetupMs               int64             `json:"setupMs"`
		MediaBytes            uint64            `json:"mediaBytesThroughBrowser"`
		Versions              map[string]string `json:"versions"`
	}{
		// Sound went both ways and none of it through the browser.
		Redirected:            r.NativePeerConnections == 0 && r.UDPSockets == 0 && r.AudioStreams == 0 && r.FarEnd.Peak >= heardThreshold,
		NativePeerConnections: r.NativePeerConnections,
		FarEndHeardMicrophone: round(r.FarEnd.Peak),
		SpeakerHeardFarEnd:    round(r.Speaker.Peak),
		MouthToEarMs:          r.MouthToEar.Milliseconds(),
		SetupMs:               r.Setup.Milliseconds(),
		MediaBytes:            r.MediaBytes,
		Versions:              versions,
	})
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	return nil
}

func round(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }
