package media

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"nearend/internal/rtpstream"
)

// sender implements rtpstream.Sender: a packetizer and the goroutine that runs
// it.
type sender struct {
	engine   *Engine
	document *Document
	track    atomic.Pointer[track] // changes under Engine.mu
	queue    frameQueue
	active   atomic.Bool
	closed   bool // guarded by Engine.mu
	stop     chan struct{}
	done     chan struct{}

	mu         sync.Mutex // guards what follows
	packetizer *packetizer
	steering   steering
	delay      time.Duration
}

func newSender(d *Document, c rtpstream.SenderConfig) (*sender, error) {
	p, err := newPacketizer(c)
	if err != nil {
		return nil, err
	}
	s := &sender{
		engine: d.engine, document: d, packetizer: p,
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	s.queue.ready = make(chan struct{}, 1)
	s.active.Store(true)
	s.steering.start(p.encoder, c.Codec)
	return s, nil
}

// take implements sink.
func (s *sender) take(frame []int16, at time.Time) { s.queue.put(frame, at) }

// tick moves time on for a sender whose track, if it has one, gives nothing: an
// ended track is sent as silence, no track is not sent.
func (s *sender) tick(now time.Time) {
	t := s.track.Load()
	switch {
	case t == nil:
		s.queue.put(nil, now)
	case !t.lives():
		s.queue.put(silence[:], now)
	}
}

func (s *sender) run() {
	defer close(s.done)
	var next queued
	for {
		select {
		case <-s.stop:
			return
		case <-s.queue.ready:
		}
		for s.queue.get(&next) {
			s.step(&next)
		}
	}
}

func (s *sender) step(next *queued) {
	frame := next.frame[:]
	if next.none {
		frame = nil
	}
	s.mu.Lock()
	s.packetizer.active = s.active.Load()
	before := s.packetizer.count.packets
	s.packetizer.step(frame)
	if s.packetizer.count.packets != before {
		s.delay += time.Since(next.at)
	}
	var reports []report
	if len(s.packetizer.reports) > 0 {
		reports, s.packetizer.reports = s.packetizer.reports, nil
	}
	tell := s.packetizer.config.Tone
	s.mu.Unlock()
	for _, r := range reports {
		if tell != nil {
			tell(r.tone, r.remaining)
		}
	}
}

// SetTrack implements rtpstream.Sender.
func (s *sender) SetTrack(id string) error { return s.engine.setSenderTrack(s, id) }

// SetCodec implements rtpstream.Sender.
func (s *sender) SetCodec(c rtpstream.Codec, events *rtpstream.Codec, ptime time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.packetizer.encoder
	if err := s.packetizer.setCodec(c, events, ptime); err != nil {
		return err
	}
	if s.packetizer.encoder != before {
		s.steering.start(s.packetizer.encoder, c)
	}
	return nil
}

// SetActive implements rtpstream.Sender.
func (s *sender) SetActive(on bool) { s.active.Store(on) }

// SetMaxBitrate implements rtpstream.Sender.
func (s *sender) SetMaxBitrate(bits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steering.limit(bits)
}

// InsertDTMF implements rtpstream.Sender.
func (s *sender) InsertDTMF(tones string, duration, gap time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packetizer.dtmf.insert(tones, duration, gap)
}

// Feedback implements rtpstream.Sender.
func (s *sender) Feedback(p rtcp.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steering.feedback(p)
}

// Stats implements rtpstream.Sender.
func (s *sender) Stats() rtpstream.SenderStats {
	var source rtpstream.SourceStats
	if t := s.track.Load(); t != nil {
		source.AudioLevel = t.meter.Level()
		source.TotalAudioEnergy = t.meter.Energy()
		source.TotalSamplesDuration = t.meter.Duration()
		if c := t.chain.Load(); c != nil {
			if erl, erle, ok := c.processor.Stats(); ok {
				source.ERL, source.ERLE = &erl, &erle
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	count := s.packetizer.count
	return rtpstream.SenderStats{
		PacketsSent:     count.packets,
		BytesSent:       count.bytes,
		HeaderBytesSent: count.headerBytes,
		TargetBitrate:   s.steering.target(),
		TotalSendDelay:  s.delay,
		Active:          s.active.Load(),
		Source:          source,
	}
}

// Close implements rtpstream.Sender.
func (s *sender) Close() error {
	if !s.engine.removeSender(s) {
		return nil
	}
	close(s.stop)
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packetizer.close()
	return nil
}
