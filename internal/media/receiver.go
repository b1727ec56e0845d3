package media

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"nearend/internal/jitter"
	"nearend/internal/pcm"
	"nearend/internal/rtpstream"
)

// orphaned is how long a receiver's leader may stand still before the engine's
// clock pulls in its place.
const orphaned = 50 * time.Millisecond

// receiver implements rtpstream.Receiver.
type receiver struct {
	feeds
	engine *Engine
	track  *track // guarded by Engine.mu
	leader *output
	closed bool // guarded by Engine.mu
	led    atomic.Bool
	ledAt  atomic.Int64 // when the leader pulled last, UnixNano

	mu      sync.Mutex // guards what follows; held for one insert or pull
	buffer  *jitter.Buffer
	sources sources
	ended   bool
	meter   pcm.Meter
	frame   [pcm.FrameSamples]int16

	pulling sync.Mutex // one pull at a time, feeding included
}

func newReceiver(e *Engine, c rtpstream.ReceiverConfig) *receiver {
	return &receiver{engine: e, buffer: jitter.New(jitterFormats(c.Codecs), c.AudioLevelExtension)}
}

func jitterFormats(codecs []rtpstream.Codec) []jitter.Format {
	formats := make([]jitter.Format, len(codecs))
	for i, c := range codecs {
		formats[i] = jitter.Format{PayloadType: c.PayloadType, MimeType: c.MimeType, ClockRate: c.ClockRate}
	}
	return formats
}

// Push implements rtpstream.Receiver. It waits for nothing longer than the
// decoding of one frame.
func (r *receiver) Push(packet *rtp.Packet, arrival time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.buffer.Insert(packet, arrival)
	}
}

// pull makes the next frame and feeds it to the tracks.
func (r *receiver) pull(now time.Time) {
	r.pulling.Lock()
	defer r.pulling.Unlock()
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return
	}
	r.buffer.Pull(r.frame[:], now)
	if origin, ok := r.buffer.Played(); ok {
		r.sources.note(origin, now)
	}
	if r.buffer.Started() {
		r.meter.Add(r.frame[:])
	}
	r.mu.Unlock()
	r.feed(r.frame[:], now)
}

// SetCodecs implements rtpstream.Receiver.
func (r *receiver) SetCodecs(codecs []rtpstream.Codec) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.buffer.SetFormats(jitterFormats(codecs))
	}
}

// SetTarget implements rtpstream.Receiver.
func (r *receiver) SetTarget(d *time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d == nil {
		d = new(time.Duration)
	}
	r.buffer.SetTarget(*d)
}

// Stats implements rtpstream.Receiver.
func (r *receiver) Stats() rtpstream.ReceiverStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.buffer.Stats().ReceiverStats
	s.AudioLevel = r.meter.Level()
	s.TotalAudioEnergy = r.meter.Energy()
	s.TotalSamplesDuration = r.meter.Duration()
	// What a packet waits for is the jitter buffer; decoding takes no time
	// worth counting.
	s.TotalProcessingDelay = s.JitterBufferDelay
	return s
}

// Sources implements rtpstream.Receiver.
func (r *receiver) Sources() []rtpstream.Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sources.list(time.Now())
}

// Close implements rtpstream.Receiver.
func (r *receiver) Close() error {
	r.engine.removeReceiver(r)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.ended = true
		r.buffer.Close()
	}
	return nil
}

// drain pulls for the engine's clock if nobody else does.
func (r *receiver) drain(now time.Time) {
	if r.led.Load() && now.UnixNano()-r.ledAt.Load() < int64(orphaned) {
		return
	}
	r.pull(now)
}

// lead pulls for the output that leads the receiver.
func (r *receiver) lead(now time.Time) {
	r.ledAt.Store(now.UnixNano())
	r.pull(now)
}
