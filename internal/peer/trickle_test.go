package peer

import (
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

// withoutCandidates removes candidates from a description.
func withoutCandidates(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "a=candidate") && !strings.HasPrefix(line, "a=end-of-candidates") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestCandidatesTrickleBothWays(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	offer := p.createOffer()
	p.setLocal("offer", offer)
	answer := f.answer(offer)
	p.setRemote("answer", withoutCandidates(answer))
	p.until("gathering", func() bool { return p.view().States.IceGathering == "complete" })
	events := p.seen(protocol.PCIceCandidate)
	if len(events) < 2 || events[len(events)-1].(protocol.PCIceCandidateEvent).Candidate != nil {
		t.Fatalf("candidate events %+v", events)
	}
	for _, e := range events[:len(events)-1] {
		c := e.(protocol.PCIceCandidateEvent).Candidate
		if c == nil || *c.SDPMid != "0" || *c.SDPMLineIndex != 0 || *c.UsernameFragment == "" {
			t.Fatalf("candidate %+v", c)
		}
		f.must(f.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid}))
	}
	mid := "0"
	for line := range strings.Lines(answer) {
		if candidate, ok := strings.CutPrefix(strings.TrimSpace(line), "a="); ok && strings.HasPrefix(candidate, "candidate:") {
			p.do(protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{
				PC: "p1", Candidate: &protocol.IceCandidate{Candidate: candidate, SDPMid: &mid},
			})
		}
	}
	p.do(protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{PC: "p1"})
	p.connected()
	p.until("completed", func() bool { return p.view().States.IceConnection == "completed" })
	if got := p.view().Descriptions.CurrentRemote.SDP; !strings.Contains(got, "a=candidate") {
		t.Error("the remote description lacks the added candidates")
	}
}

func TestFarEndIsLearntFromItsChecks(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", withoutCandidates(f.answer(p.localSDP())))
	p.connected()
}

func TestCandidateErrors(t *testing.T) {
	p, f := newPage(t, protocol.Configuration{}), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.setRemote("answer", f.answer(p.localSDP()))
	mid, other, index, ufrag := "0", "nope", 7, "nobody"
	good := "candidate:1 1 udp 2130706431 192.0.2.77 5000 typ host"
	for what, c := range map[string]protocol.IceCandidate{
		"mid":       {Candidate: good, SDPMid: &other},
		"index":     {Candidate: good, SDPMLineIndex: &index},
		"ufrag":     {Candidate: good, SDPMid: &mid, UsernameFragment: &ufrag},
		"malformed": {Candidate: "candidate:rubbish", SDPMid: &mid},
		"newline":   {Candidate: good + "\r\na=x", SDPMid: &mid},
	} {
		t.Run(what, func(t *testing.T) {
			p.refused(protocol.OperationError, protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{PC: "p1", Candidate: &c})
		})
	}
	p.refused(protocol.TypeError, protocol.PCAddIceCandidate,
		protocol.PCAddIceCandidateParams{PC: "p1", Candidate: &protocol.IceCandidate{Candidate: good}})
	p.do(protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{PC: "p1", Candidate: &protocol.IceCandidate{Candidate: good, SDPMid: &mid}})
	p.do(protocol.PCAddIceCandidate, protocol.PCAddIceCandidateParams{PC: "p1", Candidate: &protocol.IceCandidate{Candidate: "", SDPMid: &mid}})
}

func TestSilentServerIsReported(t *testing.T) {
	// Port 9 of loopback answers nothing.
	p := newPage(t, protocol.Configuration{IceServers: []protocol.IceServer{{URLs: []string{"stun:127.0.0.1:9"}}}})
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	p.until("gathering", func() bool { return p.view().States.IceGathering == "complete" })
	errors := p.seen(protocol.PCIceCandidateError)
	if len(errors) != 1 {
		t.Fatalf("errors %+v", errors)
	}
	if e := errors[0].(protocol.PCIceCandidateErrorEvent); e.URL != "stun:127.0.0.1:9" || e.ErrorCode != 701 {
		t.Errorf("error %+v", e)
	}
}
