package demo

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const packetTime = 20 * time.Millisecond

// mouth sends the greeting, then the echo. The echo's queue is bounded; what
// does not fit is dropped.
type mouth struct {
	track    *webrtc.TrackLocalStaticRTP
	codec    codecChoice
	greeting [][]byte
	delay    time.Duration
	queue    chan echoed

	// began is when the greeting began.
	began time.Time
	once  sync.Once
	stop  chan struct{}
	wg    sync.WaitGroup

	sequence  uint16
	timestamp uint32
}

type echoed struct {
	due       time.Time
	timestamp uint32
	payload   []byte
}

func newMouth(codec codecChoice, greeting [][]byte, delay time.Duration) *mouth {
	track, err := webrtc.NewTrackLocalStaticRTP(codec.capability(), "far-end", "far-end")
	if err != nil {
		panic("demo: " + err.Error()) // only a malformed capability fails
	}
	return &mouth{
		track: track, codec: codec, greeting: greeting, delay: delay,
		queue: make(chan echoed, 1024), stop: make(chan struct{}),
		sequence: uint16(rand.Uint32()), timestamp: rand.Uint32(),
	}
}

func (m *mouth) open() {
	m.began = time.Now()
	m.wg.Go(m.speak)
}

// close stops speaking and waits.
func (m *mouth) close() {
	m.once.Do(func() { close(m.stop) })
	m.wg.Wait()
}

// echo queues a packet that has just arrived.
func (m *mouth) echo(packet *rtp.Packet, now time.Time) {
	if m.delay < 0 {
		return
	}
	select {
	case m.queue <- echoed{now.Add(m.delay), packet.Timestamp, append([]byte(nil), packet.Payload...)}:
	default:
	}
}

func (m *mouth) speak() {
	step := uint32(m.codec.clockRate) / uint32(time.Second/packetTime)
	for i, payload := range m.greeting {
		if !m.waitUntil(m.began.Add(time.Duration(i) * packetTime)) {
			return
		}
		m.send(payload, i == 0)
		m.timestamp += step
	}
	over := m.began.Add(time.Duration(len(m.greeting)) * packetTime)
	var offset uint32
	for first := true; ; {
		select {
		case <-m.stop:
			return
		case e := <-m.queue:
			if e.due.Before(over) {
				continue
			}
			if !m.waitUntil(e.due) {
				return
			}
			if first {
				silent := uint32(e.due.Sub(over).Seconds() * float64(m.codec.clockRate))
				offset = m.timestamp + silent - e.timestamp
			}
			m.timestamp = e.timestamp + offset
			m.send(e.payload, first)
			first = false
		}
	}
}

func (m *mouth) waitUntil(t time.Time) bool {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-m.stop:
		return false
	}
}

func (m *mouth) send(payload []byte, marker bool) {
	// The track fills in SSRC and payload type. An error means that the
	// connection is closing, which stop reports.
	_ = m.track.WriteRTP(&rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: marker, SequenceNumber: m.sequence, Timestamp: m.timestamp},
		Payload: payload,
	})
	m.sequence++
}
