package jitter

import (
	"time"

	"nearend/internal/codec"
	"nearend/internal/pcm"
)

// Pull writes the next pcm.FrameSamples samples. Before the first packet is due
// it writes silence, which counts nowhere.
func (b *Buffer) Pull(out []int16, now time.Time) {
	out = out[:pcm.FrameSamples]
	b.playedNow = false
	b.sinceShift++
	b.pulled(now)
	if b.rate == 0 {
		if !b.firstIsDue(now) {
			clear(out)
			return
		}
	}
	for b.line.waiting() < b.line.frame {
		b.extend(now)
	}
	frame := b.line.play()
	b.stats.TotalSamplesReceived += uint64(len(frame))
	b.resampler.Process(out, frame)
}

// pulled measures the longest time between pulls, slowly forgetting.
func (b *Buffer) pulled(now time.Time) {
	if !b.lastPull.IsZero() {
		b.gap = min(max(now.Sub(b.lastPull), b.gap*99/100), longGap)
	}
	b.lastPull = now
}

// longGap bounds what counts as the way of a device to pull.
const longGap = 50 * time.Millisecond

// firstIsDue prepares the line for the first packet when its time has come.
func (b *Buffer) firstIsDue(now time.Time) bool {
	p := b.speakable()
	if p == nil || b.slackOf(p.at, now) < b.target() {
		return false
	}
	b.use(p.format)
	return true
}

// speakable returns the first packet that can be decoded, dropping noise
// before there is a rate to make it at.
func (b *Buffer) speakable() *packet {
	for p := b.store.first(); p != nil; p = b.store.first() {
		if p.format.role == speech {
			return p
		}
		b.noise.describe(p.payload)
		b.store.drop()
	}
	return nil
}

// use switches to a format's decoder and its rate.
func (b *Buffer) use(f *format) {
	if b.current == f {
		return
	}
	f.decoder.Reset()
	b.current = f
	rate := f.decoder.Rate()
	if rate == b.rate {
		return
	}
	if _, ok := b.lines[rate]; !ok {
		resampler, err := pcm.NewResampler(rate, pcm.Rate)
		if err != nil {
			panic("jitter: " + err.Error()) // a codec with an impossible rate
		}
		b.resamplers[rate] = resampler
		b.lines[rate] = newLine(rate)
		b.concealers[rate] = newConcealer(rate)
	}
	if b.rate != 0 {
		b.lines[b.rate] = b.line
		b.concealers[b.rate] = b.concealer
	}
	b.rate = rate
	b.line, b.concealer, b.resampler = b.lines[rate], b.concealers[rate], b.resamplers[rate]
	b.line.at, b.line.end = b.line.frame*pastFrames, b.line.frame*pastFrames
	clear(b.line.samples)
	b.resampler.Reset()
	b.held, b.concealing, b.lastLength = 0, false, 0
}

// extend appends at least one sample to the future. See the package comment.
func (b *Buffer) extend(now time.Time) {
	p := b.store.first()
	for p != nil && b.playing && p.at < b.next {
		b.discard(p.redundant)
		b.store.drop()
		p = b.store.first()
	}
	switch {
	case p == nil:
		b.fill()
	case !b.playing:
		// A new timeline begins like the first one.
		if b.slackOf(p.at, now) < b.target() {
			b.fill()
			return
		}
		b.take(p, now)
	case p.at == b.next:
		b.take(p, now)
	case p.seq == b.lastSeq+1 && !p.redundant:
		// Nothing is lost: the sender paused.
		if b.slackOf(p.at, now) < b.target() && b.samplesOf(p.at-b.next) > int64(b.held) {
			b.fill()
			return
		}
		b.take(p, now)
	default:
		b.bridge(p, now)
	}
}

// bridge fills the gap before p, whose predecessors are lost.
func (b *Buffer) bridge(p *packet, now time.Time) {
	left := b.samplesOf(p.at-b.next) - int64(b.held)
	if left <= 0 {
		b.take(p, now)
		return
	}
	// The copy in p replaces its predecessor, as long as p itself.
	if p.fec && p.format == b.current && left <= int64(p.samples) && left > int64(p.samples)/2 {
		r := p.format.decoder.(codec.Recoverer)
		room := b.line.room(p.samples)
		if len(room) == p.samples && r.Recover(room, p.payload) == nil {
			b.line.add(p.samples)
			p.fec = false
			b.next, b.held, b.concealing = p.at, 0, false
			b.lastSeq = p.seq - 1
			return
		}
	}
	b.fill()
}

// take plays a packet of any role.
func (b *Buffer) take(p *packet, now time.Time) {
	if p.format.role == comfortNoise {
		b.noise.describe(p.payload)
		b.silence = true
		b.advance(p, 0)
		b.store.drop()
		return
	}
	b.decode(p, now)
	b.adjust(now)
}

// advance moves the timeline behind p.
func (b *Buffer) advance(p *packet, samples int) {
	b.playing = true
	b.lastSeq = p.seq
	b.next = p.at + b.stamps(samples)
	b.held = 0
	if p.fec {
		b.stats.FECPacketsDiscarded++
	}
	b.played, b.playedNow = p.origin, true
	b.stats.PayloadType = p.origin.PayloadType
}

// decode appends the first packet's audio to the future.
func (b *Buffer) decode(p *packet, now time.Time) {
	b.use(p.format)
	wasConcealing := b.concealing
	ahead := b.line.waiting()
	if ahead < b.line.frame { // else it is decoded before its turn
		b.slacks.add(b.slackOf(p.at, now), b.duration(ahead))
	}
	room := b.line.room(p.samples)
	n := 0
	if len(room) == p.samples {
		n, _ = p.format.decoder.Decode(room, p.payload)
	}
	if n == 0 {
		// Corrupt in a way that its header did not show.
		b.stats.PacketsDiscarded++
		b.advance(p, p.samples)
		b.store.drop()
		b.fill()
		return
	}
	if _, own := p.format.decoder.(codec.Concealer); wasConcealing && !own {
		b.merge(room[:n])
	}
	b.line.add(n)
	b.lastLength = n
	b.concealing = false
	b.silence, b.noise.active = false, false
	if d, ok := p.format.decoder.(codec.Discontinuous); ok {
		b.silence = d.Silence(p.payload)
	}
	b.emit(n, now.Sub(p.arrival)+b.duration(ahead))
	b.advance(p, n)
	b.store.drop()
}

// emit counts n samples that leave the buffer after delay.
func (b *Buffer) emit(n int, delay time.Duration) {
	samples := float64(n)
	b.stats.JitterBufferEmittedCount += uint64(n)
	b.stats.JitterBufferDelay += samples * delay.Seconds()
	b.stats.JitterBufferTargetDelay += samples * b.target().Seconds()
	b.stats.JitterBufferMinimumDelay += samples * b.automatic().Seconds()
}

// merge fades from a continuation of the concealment into what was decoded
// (G.711 Appendix I, section I.2.7: 4 ms more for each 10 ms, at most 10).
func (b *Buffer) merge(fresh []int16) {
	frame := b.line.frame
	length := min(len(fresh), frame, frame*4/10*max(1, b.concealer.done/frame))
	var tail [pcm.FrameSamples]int16
	b.concealer.fill(tail[:length])
	blend(fresh, tail[:length])
}

// fill appends a frame that no packet brought: comfort noise while the sender
// pauses, else concealment.
func (b *Buffer) fill() {
	frame := b.line.frame
	out := b.line.room(frame)
	b.line.add(frame)
	b.held += frame
	if b.silence && b.noise.active {
		b.noise.fill(out)
		b.concealing = false
		return
	}
	silent := false
	concealer, own := codec.Concealer(nil), false
	if b.current != nil {
		concealer, own = b.current.decoder.(codec.Concealer)
	}
	switch {
	case b.current == nil:
		clear(out)
		silent = true
	case own:
		if concealer.Conceal(out) != nil {
			clear(out)
		}
		silent = pcm.Peak(out) < silentPeak
	default:
		if !b.concealing {
			b.concealer.begin(b.line.samples[b.line.end-frame-frame*pastFrames : b.line.end-frame])
		}
		silent = b.concealer.fill(out)
	}
	if b.silence {
		return // the decoder's own comfort noise
	}
	if !b.concealing {
		b.stats.ConcealmentEvents++
		b.slacks.reset()
	}
	b.concealing = true
	b.stats.ConcealedSamples += uint64(frame)
	if silent {
		b.stats.SilentConcealedSamples += uint64(frame)
	}
}

// silentPeak is the magnitude below which concealment counts as silent.
const silentPeak = 8
