package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

const (
	warmUp = time.Minute
	// What native messaging host and endpoint together may grow after warmUp.
	maxGrowth = 16 << 20
)

// soak holds one call and fails when the process behind it keeps growing or
// the sound stops.
func soak(ctx context.Context, length time.Duration) error {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	speech, err := measure.ReadWAV(filepath.Join(root, "testdata", "speech", "mouth.wav"))
	if err != nil {
		return err
	}
	scene, err := rig.NewScene(ctx, rig.SceneOptions{Redirected: true, FarEnd: demo.FarEndOptions{EchoDelay: echoDelay}})
	if err != nil {
		return err
	}
	defer scene.Close()
	page, err := scene.Browser.Open(scene.Site.URL() + "?processing=off")
	if err != nil {
		return err
	}
	if err := page.Wait(`document.body.dataset.state === 'ready'`, 10*time.Second); err != nil {
		return err
	}
	if _, err := dial(page); err != nil {
		return err
	}
	call, err := scene.Site.NextCall(ctx)
	if err != nil {
		return err
	}
	var settled rig.Usage
	var settledFiles int
	for began, packets := time.Now(), uint64(0); time.Since(began) < length; {
		if err := scene.Desk.Microphone.Play(ctx, speech.Int16()); err != nil {
			return err
		}
		_, host, err := scene.Browser.Usage()
		if err != nil {
			return err
		}
		files, err := openFiles(scene.Browser)
		if err != nil {
			return err
		}
		if now := call.Heard().Packets; now == packets {
			return fmt.Errorf("the sound stopped after %v", time.Since(began).Round(time.Second))
		} else {
			packets = now
		}
		fmt.Printf("%8v  %d packets, %d MB, %d open files\n", time.Since(began).Round(time.Second), packets, host.RSS>>20, files)
		switch {
		case time.Since(began) < warmUp:
			settled, settledFiles = host, files
		case host.RSS > settled.RSS+maxGrowth:
			return fmt.Errorf("memory grew from %d to %d MB", settled.RSS>>20, host.RSS>>20)
		case files > settledFiles+4:
			return fmt.Errorf("open files grew from %d to %d", settledFiles, files)
		}
	}
	return hangUp(page)
}

func openFiles(b *rig.Browser) (int, error) {
	hosts, err := b.NativeHosts()
	count := 0
	for _, host := range hosts {
		entries, err := os.ReadDir(filepath.Join("/proc", fmt.Sprint(host.PID), "fd"))
		if err != nil {
			return 0, err
		}
		count += len(entries)
	}
	return count, err
}
