package demo

import (
	"testing"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/measure"
)

func TestTelephoneEvents(t *testing.T) {
	choice, err := chooseCodec("PCMU")
	if err != nil {
		t.Fatal(err)
	}
	e := newEar(choice, 0, nil)
	for _, packet := range []struct {
		timestamp uint32
		payload   []byte
	}{
		{100, []byte{11, 10, 0, 160}}, {100, []byte{11, 10, 1, 64}}, {100, []byte{11, 0x80 | 10, 1, 64}}, // one event: #
		{900, []byte{5, 10, 0, 160}},
		{1700, []byte{5, 10, 0, 160}},
		{2500, []byte{15, 10, 0, 160}},
		{3300, []byte{16, 10, 0, 160}}, // flash is no key
		{4100, []byte{5}},              // cut short
	} {
		e.event(&rtp.Packet{Header: rtp.Header{Timestamp: packet.timestamp}, Payload: packet.payload})
	}
	if got := e.heard().Digits; got != "#55D" {
		t.Errorf("got %q, want #55D", got)
	}
}

// TestRecordingFollowsTimestamps: a gap in them is silence, a packet from
// before the first is dropped, and so is what is beyond the limit.
func TestRecordingFollowsTimestamps(t *testing.T) {
	choice, err := chooseCodec("PCMU")
	if err != nil {
		t.Fatal(err)
	}
	packets := choice.mustEncode(t, measure.Recording{Rate: 8000, Samples: []float64{0.5, 0.5, 0.5}})
	e := newEar(choice, time.Second, nil)
	began := time.Unix(1, 0)
	first := uint32(0xffffff00) // timestamps run over
	for _, timestamp := range []uint32{first, first - 160, first + 1600, first + 8000} {
		e.hear(&rtp.Packet{Header: rtp.Header{Timestamp: timestamp}, Payload: packets[0]}, began)
	}
	h := e.heard()
	if h.Packets != 4 || !h.Began.Equal(began) {
		t.Errorf("%d packets from %v, want 4 from %v", h.Packets, h.Began, began)
	}
	if got := h.Sound.Duration(); got != 220*time.Millisecond {
		t.Errorf("recorded %v, want 220ms", got)
	}
	if level := h.Sound.Slice(20*time.Millisecond, 200*time.Millisecond).Peak(); level > 0.01 {
		t.Errorf("the gap has a level of %v", level)
	}
	if level := h.Sound.Slice(200*time.Millisecond, time.Second).Peak(); level < 0.4 {
		t.Errorf("the packet after the gap has a level of %v", level)
	}
}
