package peer

import (
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// farEnd is a peer connection of pion's own.
type farEnd struct {
	*webrtc.PeerConnection
	t      *testing.T
	track  *webrtc.TrackLocalStaticSample
	tracks chan *webrtc.TrackRemote
}

func newFarEnd(t *testing.T, mime string) *farEnd {
	t.Helper()
	engine := webrtc.SettingEngine{}
	engine.SetIncludeLoopbackCandidate(true)
	media := codecs(t)
	reports := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(media, reports); err != nil {
		t.Fatal(err)
	}
	api := webrtc.NewAPI(webrtc.WithSettingEngine(engine), webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(reports))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	f := &farEnd{PeerConnection: pc, t: t, tracks: make(chan *webrtc.TrackRemote, 8)}
	pc.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		f.tracks <- track
		// Reports are taken notice of only while somebody reads them.
		for {
			if _, _, err := receiver.ReadRTCP(); err != nil {
				return
			}
		}
	})
	if mime != "" {
		f.track, err = webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, "farTrack", "farStream")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pc.AddTrack(f.track); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func codecs(t *testing.T) *webrtc.MediaEngine {
	t.Helper()
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	for pt, rate := range map[webrtc.PayloadType]uint32{110: 48000, 126: 8000} {
		codec := webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: rate},
			PayloadType:        pt,
		}
		if err := m.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// answer takes an offer and returns a full answer.
func (f *farEnd) answer(offer string) string {
	f.t.Helper()
	f.must(f.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}))
	gathered := webrtc.GatheringCompletePromise(f.PeerConnection)
	answer, err := f.CreateAnswer(nil)
	f.must(err)
	f.must(f.SetLocalDescription(answer))
	<-gathered
	return f.LocalDescription().SDP
}

// offer returns a full offer.
func (f *farEnd) offer(options *webrtc.OfferOptions) string {
	f.t.Helper()
	gathered := webrtc.GatheringCompletePromise(f.PeerConnection)
	offer, err := f.CreateOffer(options)
	f.must(err)
	f.must(f.SetLocalDescription(offer))
	<-gathered
	return f.LocalDescription().SDP
}

func (f *farEnd) accept(answer string) {
	f.t.Helper()
	f.must(f.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

func (f *farEnd) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// talk sends a packet every few milliseconds until the test ends.
func (f *farEnd) talk() {
	stop := make(chan struct{})
	done := make(chan struct{})
	f.t.Cleanup(func() { close(stop); <-done })
	go func() {
		defer close(done)
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				_ = f.track.WriteSample(media.Sample{Data: []byte{1, 2, 3}, Duration: 20 * time.Millisecond})
			}
		}
	}()
}

// talk sends packets from a sender of ours until the test ends.
func talk(t *testing.T, s *senderDouble) {
	stop := make(chan struct{})
	done := make(chan struct{})
	t.Cleanup(func() { close(stop); <-done })
	go func() {
		defer close(done)
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				_ = s.write([]byte{7, 8, 9})
			}
		}
	}()
}

// hear waits for a packet of a remote track.
func (f *farEnd) hear() (*webrtc.TrackRemote, []byte) {
	f.t.Helper()
	select {
	case track := <-f.tracks:
		f.must(track.SetReadDeadline(time.Now().Add(patience)))
		packet, _, err := track.ReadRTP()
		f.must(err)
		return track, packet.Payload
	case <-time.After(patience):
		f.t.Fatal("the far end hears nothing")
		return nil, nil
	}
}
