package peer

import (
	"testing"

	"github.com/pion/webrtc/v4"

	"nearend/internal/protocol"
)

// A SIP proxy forks the call: one branch rings with early media, another
// answers, with its own ICE credentials and certificate.
func TestForkedCall(t *testing.T) {
	p := newPage(t, protocol.Configuration{})
	rings, answers := newFarEnd(t, webrtc.MimeTypeOpus), newFarEnd(t, webrtc.MimeTypeOpus)
	p.addTransceiver("t1", "sendrecv")
	p.setLocal("offer", p.createOffer())
	offer := p.localSDP()
	p.setRemote("pranswer", rings.answer(offer))
	p.connected()
	rings.talk()
	first := p.packet("t1").SSRC
	p.setRemote("answer", answers.answer(offer))
	answers.talk()
	p.until("the second branch", func() bool { return p.packet("t1").SSRC != first })
	p.connected()
	talk(t, p.media.sender(0))
	answers.hear()
}
