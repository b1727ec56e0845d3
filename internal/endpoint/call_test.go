package endpoint_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"nearend/internal/audio/audiotest"
	"nearend/internal/protocol"
)

const configuration = `{"iceServers":[],"iceTransportPolicy":"all","bundlePolicy":"balanced","rtcpMuxPolicy":"require","iceCandidatePoolSize":0}`

// plainVoice captures without the work of processing.
const plainVoice = `{"track":"voice","audio":{"echoCancellation":{"exact":false},"noiseSuppression":{"exact":false},"autoGainControl":{"exact":false}}}`

// TestCall makes a call between two peer connections of one document, from the
// microphone to the loudspeaker, with what a page would send.
func TestCall(t *testing.T) {
	d := newDesk()
	defer d.close()
	speaker := d.system.PlugOutput("out", "Speaker")
	microphone := d.system.PlugInput("in", "Microphone")
	h := d.open(t)
	status := connectCall(t, h)
	if status.PeerConnections != 2 || !status.Capturing {
		t.Errorf("status %+v", status)
	}

	microphone.Say(audiotest.Tone(440, 0.5, 1000))
	await(t, "the loudspeaker to play the voice", func() bool { return audiotest.Level(speaker.Heard()) > 0.1 })

	succeed[struct{}](h, "1", protocol.PCClose, `{"pc":"p1"}`)
	h.fail("1", protocol.PCCreateOffer, `{"pc":"p1"}`, protocol.InvalidStateError)
	for status.PeerConnections != 1 {
		status = event[protocol.DocumentStatusEvent](h, protocol.DocumentStatus)
	}
	h.way.Close()
	<-h.done
	if captures, _ := d.system.Open(); captures != 0 {
		t.Errorf("%d microphones are open after the link ended", captures)
	}
}

// connectCall connects p1, which sends the voice, to p2, which plays it, and
// returns the last status of the document.
func connectCall(t *testing.T, h *host) protocol.DocumentStatusEvent {
	t.Helper()
	succeed[protocol.GetUserMediaResult](h, "1", protocol.DevicesGetUserMedia, plainVoice)
	for _, pc := range []string{"p1", "p2"} {
		succeed[protocol.PCReply](h, "1", protocol.PCCreate, fmt.Sprintf(`{"pc":%q,"configuration":%s}`, pc, configuration))
	}
	succeed[protocol.PCReply](h, "1", protocol.PCAddTransceiver,
		`{"pc":"p1","transceiver":"t1","kind":"audio","direction":"sendrecv","track":"voice","streams":["s1"]}`)

	describe := func(pc string, method protocol.Method, description protocol.Description) *protocol.Transceivers {
		t.Helper()
		params, err := json.Marshal(protocol.PCSetDescriptionParams{PC: pc, Description: &description})
		if err != nil {
			t.Fatal(err)
		}
		return succeed[protocol.PCReply](h, "1", method, string(params)).Snapshot.Transceivers
	}
	offer := succeed[protocol.PCDescriptionReply](h, "1", protocol.PCCreateOffer, `{"pc":"p1"}`).Description
	describe("p1", protocol.PCSetLocalDescription, offer)
	offered := describe("p2", protocol.PCSetRemoteDescription, offer)
	if offered == nil || len(offered.List) != 1 {
		t.Fatalf("the offer gave the transceivers %+v", offered)
	}
	answer := succeed[protocol.PCDescriptionReply](h, "1", protocol.PCCreateAnswer, `{"pc":"p2"}`).Description
	describe("p2", protocol.PCSetLocalDescription, answer)
	describe("p1", protocol.PCSetRemoteDescription, answer)

	// Candidates trickle from each to the other until both are connected.
	other := map[string]string{"p1": "p2", "p2": "p1"}
	var status protocol.DocumentStatusEvent
	for status.Connected < 2 {
		message := h.await(func(m *protocol.Message) bool {
			return m.Method == protocol.DocumentStatus || m.Method == protocol.PCIceCandidate
		})
		if message.Method == protocol.DocumentStatus {
			status = parse[protocol.DocumentStatusEvent](t, message.Params)
			continue
		}
		gathered := parse[protocol.PCIceCandidateEvent](t, message.Params)
		if gathered.Candidate == nil {
			continue
		}
		params, err := json.Marshal(protocol.PCAddIceCandidateParams{PC: other[gathered.PC], Candidate: &gathered.Candidate.IceCandidate})
		if err != nil {
			t.Fatal(err)
		}
		succeed[protocol.PCReply](h, "1", protocol.PCAddIceCandidate, string(params))
	}
	succeed[struct{}](h, "1", protocol.PlayerUpdate, fmt.Sprintf(
		`{"player":"e1","tracks":[%q],"playing":true,"muted":false,"volume":1}`, protocol.ReceiverTrackID("p2", offered.List[0].ID)))
	return status
}

// await looks again and again until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for !so() {
		select {
		case <-ticker.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
