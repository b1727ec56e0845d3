package jitter

import (
	"time"

	"nearend/internal/pcm"
)

// Buffer is the jitter buffer of one RTP stream.
type Buffer struct {
	formats   [128]*format
	extension uint8 // id of the audio level extension
	wanted    time.Duration
	store     store
	delays    delays
	sequence  sequence
	stats     Stats
	lostGone  int64   // losses of earlier SSRCs
	loss      float64 // average
	waits     bool    // for copies of lost packets

	// The timeline. Timestamps are extended RTP timestamps.
	started    bool // a packet has come
	epoch      time.Time
	newest     int64
	newestRTP  uint32
	clock      int64 // of timestamps, in hertz
	playing    bool  // the first packet has been decoded
	next       int64 // timestamp that follows what was decoded
	lastSeq    uint16
	lastLength int // of the last packet decoded, in samples

	// What is played.
	current    *format // of line
	rate       int
	line       line
	resampler  *pcm.Resampler
	resamplers map[int]*pcm.Resampler
	lines      map[int]line
	concealers map[int]concealer
	concealer  concealer
	noise      noise
	held       int  // samples concealed since the last one decoded
	concealing bool // the last samples were made up for lost ones
	silence    bool // the sender said that it pauses
	slacks     slacks
	sinceShift int // frames since time was stretched
	lastPull   time.Time
	gap        time.Duration // the longest between pulls, lately
	played     Origin
	playedNow  bool
	blocks     [maxBlocks]block
}

// New returns a buffer for packets of formats. extension is the id of the audio
// level header extension, zero for none.
func New(formats []Format, extension uint8) *Buffer {
	b := &Buffer{
		store: newStore(), extension: extension,
		resamplers: map[int]*pcm.Resampler{}, lines: map[int]line{}, concealers: map[int]concealer{},
		noise: noise{seed: 1},
	}
	b.SetFormats(formats)
	return b
}

// SetFormats replaces the payload types that may arrive. What stays the same
// keeps its decoder.
func (b *Buffer) SetFormats(formats []Format) {
	old := b.formats
	b.formats = [128]*format{}
	for _, f := range formats {
		if f.PayloadType > 127 {
			continue
		}
		if o := old[f.PayloadType]; o != nil && o.Format == f {
			b.formats[f.PayloadType] = o
			old[f.PayloadType] = nil
			continue
		}
		b.formats[f.PayloadType] = newFormat(f)
	}
	for _, f := range old {
		if f == nil {
			continue
		}
		b.forget(f)
		f.close()
	}
}

// forget drops what waits for a format that is going.
func (b *Buffer) forget(f *format) {
	for i := 0; i < len(b.store.order); {
		if p := b.store.order[i]; p.format == f {
			b.store.order = append(b.store.order[:i], b.store.order[i+1:]...)
			b.store.giveBack(p)
			continue
		}
		i++
	}
	if b.current == f {
		b.current = nil
	}
}

// SetTarget sets the least slack to keep, zero to leave it to the buffer.
func (b *Buffer) SetTarget(d time.Duration) {
	b.wanted = max(0, min(d, 4*time.Second))
}

// Stats returns the counters.
func (b *Buffer) Stats() Stats {
	s := b.stats
	s.PacketsLost = b.lostGone + b.sequence.lost()
	if b.clock > 0 {
		s.Jitter = b.sequence.jitter / float64(b.clock)
	}
	s.Target = b.target()
	return s
}

// Played returns the origin of the packet that the last Pull decoded, if any.
// It is valid until the next pull.
func (b *Buffer) Played() (*Origin, bool) { return &b.played, b.playedNow }

// Started reports whether anything has been played.
func (b *Buffer) Started() bool { return b.playing }

// Close releases the decoders.
func (b *Buffer) Close() {
	b.store.clear()
	for i, f := range b.formats {
		if f != nil {
			f.close()
			b.formats[i] = nil
		}
	}
	b.current = nil
}

// automatic is the slack that the network asks for.
func (b *Buffer) automatic() time.Duration {
	target := b.delays.target()
	if b.waits && b.fecArrives() && b.rate > 0 {
		// A lost packet's copy comes with its successor.
		target += time.Duration(b.lastLength) * time.Second / time.Duration(b.rate)
	}
	return target
}

func (b *Buffer) target() time.Duration { return max(b.automatic(), b.wanted) }

// fecArrives reports whether packets carry their predecessors.
func (b *Buffer) fecArrives() bool { return b.stats.FECPacketsReceived > 0 }

// slackOf is the slack of a timestamp whose samples are needed at now.
func (b *Buffer) slackOf(at int64, now time.Time) time.Duration {
	return now.Sub(b.epoch) - b.delays.base() - b.since(at)
}

// since converts a timestamp to the time since the epoch by the sender's clock.
func (b *Buffer) since(at int64) time.Duration {
	// Split so that neither hours nor fractions overflow.
	return time.Duration(at/b.clock)*time.Second + time.Duration(at%b.clock)*time.Second/time.Duration(b.clock)
}

// stamps converts samples of the decoder to units of timestamps.
func (b *Buffer) stamps(samples int) int64 { return int64(samples) * b.clock / int64(b.rate) }

// samplesOf converts units of timestamps to samples of the decoder.
func (b *Buffer) samplesOf(stamps int64) int64 { return stamps * int64(b.rate) / b.clock }
