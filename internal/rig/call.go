package rig

import (
	"context"
	"fmt"
	"time"

	"nearend/internal/demo"
	"nearend/internal/measure"
)

// CallReport is what a call between the softphone and the site's far end gave.
type CallReport struct {
	// Setup is from dialling to connectionState "connected", the opening of the
	// microphone included.
	Setup time.Duration
	// FarEnd is how the speech said into the microphone arrived at the far
	// end, Speaker how the greeting came out of the loudspeaker, Echo how the
	// speech came back. Echo.Delay is from the one virtual device to the other.
	FarEnd, Speaker, Echo measure.Match
	// MouthToEar is Echo.Delay without the time that the far end waits before
	// it sends a packet back: microphone, encoder, network, jitter buffer,
	// loudspeaker.
	MouthToEar time.Duration
	// NativePeerConnections is how many the browser made, UDPSockets and
	// AudioStreams the most that it held at a time, MediaBytes what its
	// transports carried.
	NativePeerConnections, UDPSockets, AudioStreams int
	MediaBytes                                      uint64
	// Browser and Host are what was used during Length of the call.
	Browser, Host Usage
	Length        time.Duration
	// Stall is the share of the call in which something waited for a processor.
	Stall float64
}

// Call dials the far end, listens to its greeting, speaks, and waits until the
// speech has come back. The far end must greet with demo.Greeting and echo
// after echoDelay. query is added to the page's address.
func (s *Scene) Call(ctx context.Context, speech measure.Recording, echoDelay time.Duration, query string) (CallReport, error) {
	var report CallReport
	internals, err := s.Browser.OpenInternals()
	if err != nil {
		return report, err
	}
	defer internals.Close()
	page, err := s.Browser.Open(s.Site.URL() + "?processing=off" + query)
	if err != nil {
		return report, err
	}
	defer page.Close()
	if err := page.Wait(`document.body.dataset.state === 'ready'`, 10*time.Second); err != nil {
		return report, err
	}
	heard, err := s.Desk.RecordHeard()
	if err != nil {
		return report, err
	}
	defer heard.Stop()
	said, err := s.Desk.RecordSaid()
	if err != nil {
		return report, err
	}
	defer said.Stop()

	pressure := StartPressure()
	call, err := s.dial(ctx, page, &report)
	if err != nil {
		return report, err
	}
	connected := time.Now()
	browserBefore, hostBefore, err := s.Browser.Usage()
	if err != nil {
		return report, err
	}
	watch := func(until time.Duration) error { return s.watch(ctx, &report, connected.Add(until)) }

	greeting := demo.Greeting().Duration() + 300*time.Millisecond
	if err := watch(greeting); err != nil {
		return report, err
	}
	spoken := make(chan error, 1)
	go func() { spoken <- s.Desk.Microphone.Play(ctx, speech.Int16()) }()
	if err := watch(greeting + speech.Duration() + echoDelay + time.Second); err != nil {
		return report, err
	}
	if err := <-spoken; err != nil {
		return report, err
	}
	report.Length = time.Since(connected)
	browser, host, err := s.Browser.Usage()
	if err != nil {
		return report, err
	}
	report.Browser, report.Host = browser.Since(browserBefore), host.Since(hostBefore)
	report.Stall = pressure.Stall()
	if report.NativePeerConnections, err = internals.PeerConnections(); err != nil {
		return report, err
	}
	if report.MediaBytes, err = internals.MediaBytes(); err != nil {
		return report, err
	}
	if _, err := Eval[any](page, `phone.hangUp()`); err != nil {
		return report, err
	}
	report.FarEnd = measure.Find(speech, call.Heard().Sound)
	report.Speaker = measure.Find(demo.Greeting(), heard.Sound())
	report.Echo, err = Between(speech, said, heard)
	report.MouthToEar = report.Echo.Delay - echoDelay
	return report, err
}

func (s *Scene) dial(ctx context.Context, page *Page, report *CallReport) (*demo.Call, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := Eval[any](page, fmt.Sprintf(`phone.dial(%q)`, demo.FarEndNumber)); err != nil {
		return nil, err
	}
	call, err := s.Site.NextCall(ctx)
	if err == nil {
		err = page.Wait(`document.body.dataset.state === 'connected'`, 15*time.Second)
	}
	if err != nil {
		status, _ := Eval[string](page, `document.getElementById('status').textContent`)
		return nil, fmt.Errorf("the call did not connect; the page says %q: %w", status, err)
	}
	milliseconds, err := Eval[float64](page, `phone.timings.connected - phone.timings.dialled`)
	report.Setup = time.Duration(milliseconds * float64(time.Millisecond))
	return call, err
}

// watch samples what the browser holds until a time.
func (s *Scene) watch(ctx context.Context, report *CallReport, until time.Time) error {
	for {
		sockets, err := s.Browser.UDPSockets()
		if err != nil {
			return err
		}
		streams, err := s.Desk.BrowserStreams()
		if err != nil {
			return err
		}
		report.UDPSockets = max(report.UDPSockets, sockets)
		report.AudioStreams = max(report.AudioStreams, streams)
		left := time.Until(until)
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, 2*time.Second)):
		}
	}
}
