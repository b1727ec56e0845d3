package jitter

import "nearend/internal/pcm"

// Lengths of the line, in frames of 10 ms: what was played is kept for pitch
// searches, and behind it there is room for the longest packet and what is
// made of it.
const (
	pastFrames   = 6
	futureFrames = 30
)

// line holds decoded samples: the past, then the future.
type line struct {
	samples []int16
	frame   int // samples of 10 ms
	at      int // first sample of the future
	end     int
}

func newLine(rate int) line {
	frame := rate / 100
	return line{
		samples: make([]int16, frame*(2*pastFrames+futureFrames)),
		frame:   frame, at: frame * pastFrames, end: frame * pastFrames,
	}
}

func (l *line) past() []int16   { return l.samples[l.at-l.frame*pastFrames : l.at] }
func (l *line) future() []int16 { return l.samples[l.at:l.end] }
func (l *line) waiting() int    { return l.end - l.at }

// room returns n samples behind the future, to be filled; add appends them.
func (l *line) room(n int) []int16 {
	if l.end+n > len(l.samples) {
		keep := l.frame * pastFrames
		copy(l.samples, l.samples[l.at-keep:l.end])
		l.end -= l.at - keep
		l.at = keep
	}
	n = min(n, len(l.samples)-l.end)
	return l.samples[l.end : l.end+n]
}

func (l *line) add(n int) { l.end += n }

// play moves a frame from the future to the past and returns it.
func (l *line) play() []int16 {
	out := l.samples[l.at : l.at+l.frame]
	l.at += l.frame
	return out
}

// blend fades from tail into the first samples of fresh.
func blend(fresh, tail []int16) {
	n := min(len(fresh), len(tail))
	for i := range n {
		w := float32(i+1) / float32(n+1)
		fresh[i] = pcm.Saturate(int32(float32(tail[i])*(1-w) + float32(fresh[i])*w))
	}
}
