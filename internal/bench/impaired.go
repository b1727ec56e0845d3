package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"nearend/internal/demo"
	"nearend/internal/impair"
	"nearend/internal/measure"
	"nearend/internal/rig"
)

const (
	// The far end is silent for so long first, while the engines get used to
	// the network.
	leadIn = 3 * time.Second
	// What is heard may be so late.
	tail = 1500 * time.Millisecond
	// codedFor is the loss that the far end codes its speech for, under every
	// condition.
	codedFor = 0.1
	// accidents is the seed of the network, the same for both engines.
	accidents = 1
	// A call is made so often while the machine is short of processor time; the
	// one that had to wait least counts.
	impairedAttempts = 2
)

// heardCall is what a call under a condition gave.
type heardCall struct {
	// received is how the far end was heard at the desk, with delays from its
	// sending to the ear; sent how the desk was heard at the far end, without
	// delays.
	received, sent measure.Quality
	// concealed is the part of the played sound that the jitter buffer had to
	// invent, without silence.
	concealed float64
	// lost is the part of packets to the desk that the network lost, for
	// whatever reason.
	lost float64
	// cpu is in seconds for a minute of call, memory in megabytes, of browser,
	// native messaging host and endpoint together.
	cpu, memory float64
	// stall is the part of the call in which something waited for a processor.
	stall float64
}

// impairedSide calls over each network with one kind of page. heard has an
// entry for each condition, in order.
func impairedSide(ctx context.Context, redirected bool, selected []condition) (heard []heardCall, err error) {
	network, err := impair.Open(accidents)
	if err != nil {
		return nil, err
	}
	defer network.Close()
	far, err := newFarSide(network)
	if err != nil {
		return nil, err
	}
	mouth, err := mouthSpeech()
	if err != nil {
		return nil, err
	}
	speech := farSpeech(mouth)
	scene, err := rig.NewScene(ctx, rig.SceneOptions{
		Redirected: redirected, Apart: redirected,
		FarEnd: demo.FarEndOptions{Greeting: &speech, EchoDelay: -1, Loss: codedFor, Record: time.Minute, Net: far},
	})
	if err != nil {
		return nil, err
	}
	defer scene.Close()
	page, err := scene.Browser.Open(scene.Site.URL() + "?processing=off&meters=off")
	if err != nil {
		return nil, err
	}
	defer page.Close()
	if err := page.Wait(`document.body.dataset.state === 'ready'`, 10*time.Second); err != nil {
		return nil, err
	}
	for _, c := range selected {
		var best heardCall
		for attempt := 0; attempt < impairedAttempts && (attempt == 0 || best.stall > rig.MaxStall); attempt++ {
			call, err := impairedCall(ctx, scene, page, network, c.network, mouth, speech)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.id, err)
			}
			if attempt == 0 || call.stall < best.stall {
				best = call
			}
		}
		heard = append(heard, best)
	}
	return heard, nil
}

// impairedCall sets the network once the call is connected: not the set-up is
// compared, but what is heard.
func impairedCall(ctx context.Context, scene *rig.Scene, page *rig.Page, network *impair.Network, conditions impair.Conditions, mouth, speech measure.Recording) (heardCall, error) {
	var h heardCall
	tape, err := scene.Desk.RecordHeard()
	if err != nil {
		return h, err
	}
	defer tape.Stop()
	if _, err := dial(page); err != nil {
		return h, err
	}
	call, err := scene.Site.NextCall(ctx)
	if err != nil {
		return h, err
	}
	select {
	case <-call.Connected():
	case <-ctx.Done():
		return h, ctx.Err()
	}
	if err := network.Set(conditions); err != nil {
		return h, err
	}
	_, before := network.Counters()
	lead := call.Greeted().Add(leadIn)
	if err := pause(ctx, time.Until(lead)); err != nil {
		return h, err
	}
	if err := h.listen(ctx, scene, page, mouth, lead.Add(speech.Duration()-leadIn+tail)); err != nil {
		return h, err
	}
	_, after := network.Counters()
	h.lost = float64(after.Lost+after.Overflowed-before.Lost-before.Overflowed) / float64(max(1, after.Sent-before.Sent))
	if err := network.Set(impair.Conditions{}); err != nil {
		return h, err
	}
	if err := hangUp(page); err != nil {
		return h, err
	}
	h.received = measure.Judge(speech, tape.Since(call.Greeted()))
	h.sent = measure.Judge(mouth, call.Heard().Sound)
	return h, nil
}

// listen speaks into the microphone while the far end speaks, and reads what
// that costs until a time.
func (h *heardCall) listen(ctx context.Context, scene *rig.Scene, page *rig.Page, mouth measure.Recording, until time.Time) error {
	ctx, cancel := context.WithCancel(ctx)
	spoken := make(chan error, 1)
	go func() { spoken <- scene.Desk.Microphone.Play(ctx, mouth.Int16()) }()
	err := h.watch(ctx, scene, page, until)
	if err == nil {
		err = <-spoken
		cancel()
		return err
	}
	cancel()
	<-spoken
	return err
}

func (h *heardCall) watch(ctx context.Context, scene *rig.Scene, page *rig.Page, until time.Time) error {
	playedBefore, err := readPlayed(page)
	if err != nil {
		return err
	}
	before, err := readUsage(scene)
	if err != nil {
		return err
	}
	began, pressure := time.Now(), rig.StartPressure()
	if err := pause(ctx, time.Until(until)); err != nil {
		return err
	}
	h.stall = pressure.Stall()
	after, err := readUsage(scene)
	if err != nil {
		return err
	}
	playedAfter, err := readPlayed(page)
	if err != nil {
		return err
	}
	for _, u := range [][2]rig.Usage{{after.browser, before.browser}, {after.host, before.host}, {after.endpoint, before.endpoint}} {
		h.cpu += 60 * u[0].Since(u[1]).CPU.Seconds() / time.Since(began).Seconds()
		h.memory += megabytes(u[0])
	}
	if samples := playedAfter.Samples - playedBefore.Samples; samples > 0 {
		h.concealed = (playedAfter.Concealed - playedBefore.Concealed) / samples
	}
	return nil
}

// played counts what the jitter buffer has played, in samples, by the page's
// own statistics.
type played struct {
	Samples   float64 `json:"samples"`
	Concealed float64 `json:"concealed"`
}

func readPlayed(page *rig.Page) (played, error) {
	return rig.Eval[played](page, `(async () => {
		for (const s of (await phone.pc.getStats()).values()) {
			if (s.type !== 'inbound-rtp') continue;
			return { samples: s.totalSamplesReceived, concealed: s.concealedSamples - s.silentConcealedSamples };
		}
		return { samples: 0, concealed: 0 };
	})()`)
}

// mouthSpeech is what is said at the desk.
func mouthSpeech() (measure.Recording, error) {
	root, err := rig.Root()
	if err != nil {
		return measure.Recording{}, err
	}
	return measure.ReadWAV(filepath.Join(root, "testdata", "speech", "mouth.wav"))
}

// farSpeech is what the far end says: a silence, then two voices.
func farSpeech(mouth measure.Recording) measure.Recording {
	lead := make([]float64, int(leadIn.Seconds()*float64(mouth.Rate)))
	return measure.Recording{Rate: mouth.Rate, Samples: append(append(lead, mouth.Samples...), demo.Greeting().Samples...)}
}
