package peer

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtp"
)

// transportRecorder collects arrivals of packets with a transport-wide sequence
// number (draft-holmer-rmcat-transport-wide-cc-extensions-01) and reports them.
type transportRecorder struct {
	mu        sync.Mutex
	extension uint8
	recorder  *twcc.Recorder
	started   time.Time
}

// use sets the header extension; zero means not negotiated.
func (r *transportRecorder) use(extension uint8) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.extension = extension
	if extension != 0 && r.recorder == nil {
		r.recorder, r.started = twcc.NewRecorder(rand.Uint32()), time.Now()
	}
}

func (r *transportRecorder) record(packet *rtp.Packet, arrival time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.extension == 0 {
		return
	}
	var number rtp.TransportCCExtension
	if raw := packet.GetExtension(r.extension); raw != nil && number.Unmarshal(raw) == nil {
		r.recorder.Record(packet.SSRC, number.TransportSequence, arrival.Sub(r.started).Microseconds())
	}
}

// flush sends what was recorded.
func (r *transportRecorder) flush(p *PeerConnection) {
	r.mu.Lock()
	if r.extension == 0 {
		r.mu.Unlock()
		return
	}
	packets := r.recorder.BuildFeedbackPacket()
	r.mu.Unlock()
	if len(packets) > 0 {
		_ = p.transport.WriteRTCP(packets...)
	}
}

// extend writes the header extensions that are the network's business.
func (p *PeerConnection) extend(header *rtp.Header, path *sendPath, now time.Time) error {
	set := func(id uint8, payload []byte) error {
		if id == 0 {
			return nil
		}
		if err := header.SetExtension(id, payload); err != nil {
			return fmt.Errorf("write a header extension: %w", err)
		}
		return nil
	}
	if path.level != levelExtension {
		moveExtension(header, levelExtension, path.level)
	}
	if len(path.mid) <= 16 {
		if err := set(path.midExtension, path.mid); err != nil {
			return err
		}
	}
	// abs-send-time: 24 bits of seconds with 18 fractional ones.
	seconds := ntpTime(now) >> 14
	if err := set(path.sendTime, []byte{byte(seconds >> 16), byte(seconds >> 8), byte(seconds)}); err != nil {
		return err
	}
	number := p.sequence.Add(1)
	return set(path.transportCC, []byte{byte(number >> 8), byte(number)})
}
