package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

// side is what one kind of call gave: times in milliseconds, processor time in
// percent of a core, memory in megabytes, shared pages divided.
type side struct {
	setup, mouthToEar, createOffer float64
	browser, host, endpoint        float64
	browserMemory                  float64
	hostMemory, endpointMemory     float64
}

const (
	echoDelay    = time.Second
	measureCalls = 2
	quickCalls   = 5
	// A call is watched for so long after it has settled.
	steady = 20 * time.Second
	settle = 3 * time.Second
)

func measureSide(ctx context.Context, redirected bool) (side, error) {
	var s side
	root, err := rig.Root()
	if err != nil {
		return s, err
	}
	speech, err := measure.ReadWAV(filepath.Join(root, "testdata", "speech", "mouth.wav"))
	if err != nil {
		return s, err
	}
	scene, err := rig.NewScene(ctx, rig.SceneOptions{
		Redirected: redirected, Apart: redirected,
		FarEnd: demo.FarEndOptions{EchoDelay: echoDelay, Record: time.Minute},
	})
	if err != nil {
		return s, err
	}
	defer scene.Close()

	var delays []float64
	for range measureCalls {
		report, err := scene.Call(ctx, speech, echoDelay, "")
		if err != nil {
			return s, err
		}
		if report.Echo.Peak < 0.5 {
			return s, fmt.Errorf("the speech did not come back: correlation %.2f", report.Echo.Peak)
		}
		delays = append(delays, milliseconds(report.MouthToEar))
	}
	s.mouthToEar = median(delays)

	page, err := scene.Browser.Open(scene.Site.URL() + "?processing=off&meters=off")
	if err != nil {
		return s, err
	}
	defer page.Close()
	if err := page.Wait(`document.body.dataset.state === 'ready'`, 10*time.Second); err != nil {
		return s, err
	}
	if s.createOffer, err = measureCreateOffer(page); err != nil {
		return s, err
	}
	var setups []float64
	for range quickCalls {
		setup, err := dial(page)
		if err != nil {
			return s, err
		}
		setups = append(setups, setup)
		if err := hangUp(page); err != nil {
			return s, err
		}
	}
	s.setup = median(setups)
	return s, s.measureUsage(ctx, scene, page, speech)
}

// measureCreateOffer is the median of many on a fresh peer connection.
func measureCreateOffer(page *rig.Page) (float64, error) {
	times, err := rig.Eval[[]float64](page, `(async () => {
		const pc = new RTCPeerConnection();
		pc.addTransceiver('audio');
		const times = [];
		for (let i = 0; i < 60; i++) {
			const start = performance.now();
			await pc.createOffer();
			if (i >= 10) times.push(performance.now() - start);
		}
		pc.close();
		return times;
	})()`)
	if err != nil {
		return 0, err
	}
	return median(times), nil
}

// dial calls the far end and returns how long it took.
func dial(page *rig.Page) (float64, error) {
	if _, err := rig.Eval[any](page, fmt.Sprintf(`phone.dial(%q)`, demo.FarEndNumber)); err != nil {
		return 0, err
	}
	if err := page.Wait(`document.body.dataset.state === 'connected'`, 15*time.Second); err != nil {
		return 0, err
	}
	return rig.Eval[float64](page, `phone.timings.connected - phone.timings.dialled`)
}

func hangUp(page *rig.Page) error {
	if _, err := rig.Eval[any](page, `phone.hangUp()`); err != nil {
		return err
	}
	return page.Wait(`document.body.dataset.state === 'ready'`, 5*time.Second)
}

// measureUsage watches a call in which both sides speak.
func (s *side) measureUsage(ctx context.Context, scene *rig.Scene, page *rig.Page, speech measure.Recording) error {
	if _, err := dial(page); err != nil {
		return err
	}
	speaking, stop := context.WithCancel(ctx)
	defer stop()
	spoken := make(chan struct{})
	go func() {
		defer close(spoken)
		for speaking.Err() == nil {
			_ = scene.Desk.Microphone.Play(speaking, speech.Int16())
		}
	}()
	if err := pause(ctx, settle); err != nil {
		return err
	}
	before, err := readUsage(scene)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := pause(ctx, steady); err != nil {
		return err
	}
	after, err := readUsage(scene)
	if err != nil {
		return err
	}
	length := time.Since(began)
	share := func(after, before rig.Usage) float64 {
		return 100 * after.Since(before).CPU.Seconds() / length.Seconds()
	}
	s.browser = share(after.browser, before.browser)
	s.host = share(after.host, before.host)
	s.endpoint = share(after.endpoint, before.endpoint)
	s.browserMemory = megabytes(after.browser)
	s.hostMemory = megabytes(after.host)
	s.endpointMemory = megabytes(after.endpoint)
	stop()
	<-spoken
	return hangUp(page)
}

// usage is one reading of everything.
type usage struct{ browser, host, endpoint rig.Usage }

func readUsage(scene *rig.Scene) (u usage, err error) {
	if u.browser, u.host, err = scene.Browser.Usage(); err == nil {
		u.endpoint, err = scene.EndpointUsage()
	}
	return u, err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func megabytes(u rig.Usage) float64 { return float64(u.PSS) / (1 << 20) }
