package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

// What a recording has to reach to count as heard: Opus gives 0.95 and more,
// another voice below 0.3.
const heard = 0.85

// silent is the level, in dB of full scale, below which nothing is said.
const silent = -70

// probeTime is how long the browser may take to show a state.
const probeTime = 5 * time.Second

func TestMain(m *testing.M) {
	if _, _, err := rig.Built(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// newScene sets a scene up for a test. What browser and native messaging host
// write goes to dist/logs.
func newScene(t *testing.T, options rig.SceneOptions) *rig.Scene {
	t.Helper()
	options.Output = logFile(t)
	options.Logger = zerolog.New(options.Output).Level(zerolog.InfoLevel)
	scene, err := rig.NewScene(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(scene.Close)
	return scene
}

// redirected is a scene with the extension.
func redirected(t *testing.T, farEnd demo.FarEndOptions) *rig.Scene {
	t.Helper()
	return newScene(t, rig.SceneOptions{Redirected: true, FarEnd: farEnd})
}

func logFile(t *testing.T) *os.File {
	t.Helper()
	folder := distFolder(t, "logs")
	f, err := os.Create(filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+".log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func distFolder(t *testing.T, name string) string {
	t.Helper()
	root, err := rig.Root()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "dist", name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// screenshot keeps what a page shows for people to look at.
func screenshot(t *testing.T, page *rig.Page, name string) {
	t.Helper()
	if err := page.Screenshot(filepath.Join(distFolder(t, "screenshots"), name+".png")); err != nil {
		t.Error(err)
	}
}

// speech is what is said at the desk.
func speech(t *testing.T) measure.Recording {
	t.Helper()
	r, err := measure.ReadWAV("../../testdata/speech/mouth.wav")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// open opens a page and closes it with the test.
func open(t *testing.T, b *rig.Browser, url string) *rig.Page {
	t.Helper()
	page, err := b.Open(url)
	if err != nil {
		t.Fatalf("opening %s: %v", url, err)
	}
	t.Cleanup(page.Close)
	return page
}

// openPhone opens the softphone and waits until it has its number.
func openPhone(t *testing.T, b *rig.Browser, site *demo.Server, query string) *rig.Page {
	t.Helper()
	page := open(t, b, site.URL()+"?processing=off"+query)
	wait(t, page, `document.body.dataset.state === 'ready'`)
	return page
}

// dial calls a number and waits until both sides are connected.
func dial(t *testing.T, page *rig.Page, number string) {
	t.Helper()
	run(t, page, fmt.Sprintf(`phone.dial(%q)`, number))
	if err := page.Wait(`document.body.dataset.state === 'connected'`, 15*time.Second); err != nil {
		t.Fatalf("the call did not connect; the page says %q: %v",
			eval[string](t, page, `document.getElementById('status').textContent`), err)
	}
}

// dialFarEnd calls the far end and returns its side of the call.
func dialFarEnd(t *testing.T, scene *rig.Scene, page *rig.Page) *demo.Call {
	t.Helper()
	dial(t, page, demo.FarEndNumber)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	call, err := scene.Site.NextCall(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func eval[T any](t *testing.T, page *rig.Page, expression string) T {
	t.Helper()
	value, err := rig.Eval[T](page, expression)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// run evaluates for the effect.
func run(t *testing.T, page *rig.Page, expression string) {
	t.Helper()
	eval[any](t, page, "(async () => { await ("+expression+"); })()")
}

func wait(t *testing.T, page *rig.Page, condition string) {
	t.Helper()
	if err := page.Wait(condition, 15*time.Second); err != nil {
		t.Fatal(err)
	}
}

func click(t *testing.T, page *rig.Page, selector string) {
	t.Helper()
	if err := page.Click(selector); err != nil {
		t.Fatalf("clicking %s: %v", selector, err)
	}
}

// poll checks until there is no complaint.
func poll(t *testing.T, within time.Duration, check func() error) {
	t.Helper()
	if err := rig.Poll(t.Context(), within, check); err != nil {
		t.Error(err)
	}
}

// recordSaid and recordHeard record a desk until the test ends.
func recordSaid(t *testing.T, desk *rig.Desk) *rig.Tape {
	t.Helper()
	return tape(t, desk.RecordSaid)
}

func recordHeard(t *testing.T, desk *rig.Desk) *rig.Tape {
	t.Helper()
	return tape(t, desk.RecordHeard)
}

func tape(t *testing.T, record func() (*rig.Tape, error)) *rig.Tape {
	t.Helper()
	tape, err := record()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tape.Stop)
	return tape
}

// say plays a recording into a desk's microphone and returns when it is over.
func say(t *testing.T, desk *rig.Desk, r measure.Recording) {
	t.Helper()
	if err := desk.Microphone.Play(t.Context(), r.Int16()); err != nil {
		t.Error(err)
	}
}

// unhurried repeats a measurement that fails while the machine is short of
// processor time.
func unhurried(t *testing.T, measurement func() error) {
	t.Helper()
	const attempts = 3
	for attempt := 1; ; attempt++ {
		pressure := rig.StartPressure()
		err := measurement()
		if err == nil {
			return
		}
		stall := pressure.Stall()
		if attempt == attempts || stall <= rig.MaxStall {
			t.Errorf("%v (attempt %d, waited for a processor %.0f %% of the time)", err, attempt, 100*stall)
			return
		}
		t.Logf("%v, but the machine was short of processor time for %.0f %%: once more", err, 100*stall)
	}
}

// internals counts native peer connections from now on.
func internals(t *testing.T, b *rig.Browser) *rig.Internals {
	t.Helper()
	i, err := b.OpenInternals()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	return i
}
