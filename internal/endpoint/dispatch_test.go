package endpoint_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"nearend/internal/protocol"
)

func TestWrongParams(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		long := strings.Repeat("x", protocol.MaxString+1)
		for _, request := range []struct {
			method protocol.Method
			params string
		}{
			{protocol.TrackStop, `1`},
			{protocol.TrackStop, `"x"`},
			{protocol.TrackStop, `[]`},
			{protocol.TrackStop, `{}`},
			{protocol.TrackStop, `{"track":1}`},
			{protocol.TrackStop, `{"track":"a\u0000b"}`},
			{protocol.TrackSetEnabled, `{"track":"a","enabled":"yes"}`},
			{protocol.PCCreateOffer, `{"pc":{}}`},
			{protocol.PCCreateOffer, `{}`},
			{protocol.PCAddIceCandidate, `{"pc":"p1","candidate":{"candidate":"` + long + `"}}`},
			{protocol.PCSetRemoteDescription, `{"pc":"p1","description":{"type":"offer","sdp":"` + strings.Repeat("x", protocol.MaxSDP+1) + `"}}`},
			{protocol.PCAddTransceiver, `{"pc":"p1","transceiver":"t1","streams":[` + strings.Repeat(`"s",`, protocol.MaxListItems) + `"s"]}`},
			{protocol.LevelsObserve, `{"tracks":["` + long + `"]}`},
			{protocol.LevelsObserve, `{"tracks":[""]}`},
			{protocol.DataChannelSend, `{"pc":"p1","channel":"d1","isBinary":true,"binary":"not base64!"}`},
			{protocol.DataChannelSend, `{"pc":"p1","channel":"d1","text":"` + strings.Repeat("x", protocol.MaxDataChannelMessage+1) + `"}`},
		} {
			h.fail("1", request.method, request.params, protocol.TypeError)
		}
	})
}

func TestUnknownPeerConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		h.fail("1", protocol.PCCreateOffer, `{"pc":"p1"}`, protocol.InvalidStateError)
		h.fail("1", protocol.PCClose, `{"pc":"p1"}`, protocol.InvalidStateError)
	})
}

func TestSameIDTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		request := `{"doc":"1","id":5,"method":"devices.enumerate"}`
		h.send(request)
		if reply := h.receive(); reply.ID != 5 || reply.Error != nil {
			t.Fatalf("got %+v", reply)
		}
		h.send(`{"doc":"1","method":"devices.enumerate"}`)
		synctest.Wait()
		h.send(request)
		if reply := h.receive(); reply.ID != 5 || reply.Error != nil {
			t.Fatalf("a notification was answered: %+v", reply)
		}
	})
}

// TestFlood sends more than may wait while nobody reads replies.
func TestFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, d *desk) {
		h := d.open(t)
		const count = 3 * protocol.MaxQueuedRequests
		go func() {
			for i := range count {
				if h.way.Send(fmt.Appendf(nil, `{"doc":"1","id":%d,"method":"nope"}`, i+10)) != nil {
					return
				}
			}
		}()
		synctest.Wait()
		for range count {
			if reply := h.receive(); reply.Error == nil {
				t.Fatalf("got %+v", reply)
			}
		}
	})
}

func FuzzDispatch(f *testing.F) {
	for _, message := range []string{
		hello,
		`{"method":"document.open","params":{"document":"1","origin":"https://a.example"}}`,
		`{"doc":"1","id":2,"method":"devices.getUserMedia","params":{"track":"a","audio":{"advanced":[{"deviceId":{"exact":["x"]}}]}}}`,
		`{"doc":"1","id":3,"method":"player.update","params":{"player":"e1","tracks":["a"],"playing":true,"muted":false,"volume":1}}`,
		`{"doc":"1","id":4,"method":"pc.create","params":{"pc":"p1","configuration":{"iceServers":[],"iceTransportPolicy":"all","bundlePolicy":"balanced","rtcpMuxPolicy":"require","iceCandidatePoolSize":0}}}`,
		`{"doc":"1","id":5,"method":"pc.addTransceiver","params":{"pc":"p1","transceiver":"t1","kind":"audio","direction":"sendrecv","track":"a"}}`,
		`{"doc":"1","id":6,"method":"pc.setRemoteDescription","params":{"pc":"p1","description":{"type":"offer","sdp":"v=0\r\n"}}}`,
	} {
		f.Add([]byte(message))
	}
	d := newDesk()
	d.plug()
	f.Cleanup(d.close)
	f.Fuzz(func(t *testing.T, message []byte) {
		h := d.open(t)
		succeed[struct{}](h, "1", protocol.PCCreate, `{"pc":"p1","configuration":{"iceServers":[],"iceTransportPolicy":"all","bundlePolicy":"balanced","rtcpMuxPolicy":"require","iceCandidatePoolSize":0}}`)
		if h.way.Send(message) != nil {
			return
		}
		// Whatever it was, the endpoint must still answer.
		h.send(`{"id":999999,"method":"endpoint.logs"}`)
		h.await(func(m *protocol.Message) bool { return m.Doc == "" && m.ID == 999999 })
		h.way.Close()
		<-h.done
	})
}
