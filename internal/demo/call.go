package demo

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/rs/zerolog"
)

// Call is one call at the far end. Methods are safe for concurrent use.
type Call struct {
	// Number is the caller's.
	Number string

	farEnd *farEnd
	logger zerolog.Logger
	// inbox takes what the exchange delivers; a caller that floods it is hung
	// up on.
	inbox     chan message
	hangUp    chan struct{}
	hangOnce  sync.Once
	connected chan struct{}
	ended     chan struct{}

	pc    *webrtc.PeerConnection
	ear   *ear
	mouth *mouth
}

func newCall(f *farEnd, number string) *Call {
	c := &Call{
		Number: number, farEnd: f, logger: f.logger.With().Str("caller", number).Logger(),
		inbox: make(chan message, 256), hangUp: make(chan struct{}),
		connected: make(chan struct{}), ended: make(chan struct{}),
	}
	c.mouth = newMouth(f.codec, f.greeting, f.options.EchoDelay)
	c.ear = newEar(f.codec, f.options.Record, c.mouth.echo)
	return c
}

// Connected is closed when media can flow.
func (c *Call) Connected() <-chan struct{} { return c.connected }

// Greeted is when the far end began to send its greeting. Connected must be
// closed.
func (c *Call) Greeted() time.Time { return c.mouth.began }

// Ended is closed when the call is over and its resources are free.
func (c *Call) Ended() <-chan struct{} { return c.ended }

// HangUp ends the call without waiting.
func (c *Call) HangUp() { c.hangOnce.Do(func() { close(c.hangUp) }) }

// Heard is what the far end has heard so far.
func (c *Call) Heard() Heard { return c.ear.heard() }

func (c *Call) deliver(m message) {
	select {
	case c.inbox <- m:
	default:
		c.HangUp()
	}
}

// run owns the peer connection and the mouth's goroutine.
func (c *Call) run() {
	defer close(c.ended)
	err := c.talk()
	if err != nil {
		c.logger.Warn().Err(err).Msg("call failed")
		c.send(message{Type: "bye", Reason: err.Error()})
	}
	if c.pc != nil {
		if err := c.pc.GracefulClose(); err != nil {
			c.logger.Warn().Err(err).Msg("closing the peer connection")
		}
	}
	c.mouth.close()
	c.ear.close()
	c.logger.Info().Str("digits", c.Heard().Digits).Msg("call ended")
}

func (c *Call) talk() error {
	if err := c.open(); err != nil {
		return err
	}
	for {
		select {
		case <-c.hangUp:
			c.send(message{Type: "bye", Reason: "The far end hung up."})
			return nil
		case m := <-c.inbox:
			if m.Type == "bye" {
				return nil
			}
			if err := c.handle(m); err != nil {
				return fmt.Errorf("%s: %w", m.Type, err)
			}
		}
	}
}

func (c *Call) open() error {
	pc, err := c.farEnd.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	c.pc = pc
	if _, err := pc.AddTrack(c.mouth.track); err != nil {
		return err
	}
	pc.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate == nil {
			return
		}
		if encoded, err := json.Marshal(candidate.ToJSON()); err == nil {
			c.send(message{Type: "candidate", Candidate: encoded})
		}
	})
	pc.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) { c.ear.listen(track, receiver) })
	var once sync.Once
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		c.logger.Info().Stringer("state", state).Msg("connection")
		switch state {
		case webrtc.PeerConnectionStateConnected:
			once.Do(func() {
				c.mouth.open()
				close(c.connected)
			})
		case webrtc.PeerConnectionStateFailed:
			c.HangUp()
		}
	})
	return nil
}

func (c *Call) handle(m message) error {
	switch m.Type {
	case "offer":
		if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: m.SDP}); err != nil {
			return err
		}
		answer, err := c.pc.CreateAnswer(nil)
		if err != nil {
			return err
		}
		c.send(message{Type: "answer", SDP: answer.SDP})
		return c.pc.SetLocalDescription(answer)
	case "candidate":
		var candidate webrtc.ICECandidateInit
		if err := json.Unmarshal(m.Candidate, &candidate); err != nil {
			return err
		}
		if err := c.pc.AddICECandidate(candidate); err != nil {
			// A name that only multicast DNS knows is of no use here; the
			// far end learns the address from the caller's own checks.
			c.logger.Debug().Err(err).Msg("candidate not used")
		}
	}
	return nil
}

func (c *Call) send(m message) {
	m.To = c.Number
	c.farEnd.exchange.pass(FarEndNumber, m)
}
