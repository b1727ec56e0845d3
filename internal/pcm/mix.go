package pcm

// Saturate clips a sum of samples to the range of int16.
func Saturate(v int32) int16 {
	return int16(max(-32768, min(32767, v)))
}

// Mix sums mono frames with gains into one stereo frame. Sums are kept wide,
// so that only the final result is clipped. The zero value is ready.
type Mix struct {
	sum [2 * FrameSamples]int32
	any bool
}

// Reset starts a new frame.
func (m *Mix) Reset() {
	if m.any {
		m.sum = [2 * FrameSamples]int32{}
		m.any = false
	}
}

// Add adds a mono frame of FrameSamples to both channels through gain.
func (m *Mix) Add(frame []int16, gain *Gain) {
	from, step, silent := gain.ramp()
	if silent {
		return
	}
	m.any = true
	frame = frame[:FrameSamples]
	if step == 0 && from == 1 {
		for i, v := range frame {
			m.sum[2*i] += int32(v)
			m.sum[2*i+1] += int32(v)
		}
		return
	}
	for i, v := range frame {
		from += step
		scaled := int32(float32(v) * from)
		m.sum[2*i] += scaled
		m.sum[2*i+1] += scaled
	}
}

// Stereo writes the interleaved result, 2*FrameSamples values.
func (m *Mix) Stereo(out []int16) {
	out = out[:2*FrameSamples]
	if !m.any {
		clear(out)
		return
	}
	for i := range out {
		out[i] = Saturate(m.sum[i])
	}
}

// Mono writes the mean of the two channels of stereo to mono.
func Mono(mono, stereo []int16) {
	for i := range mono {
		mono[i] = int16((int32(stereo[2*i]) + int32(stereo[2*i+1])) / 2)
	}
}

// Stereo writes mono to both channels of stereo.
func Stereo(stereo, mono []int16) {
	for i, v := range mono {
		stereo[2*i], stereo[2*i+1] = v, v
	}
}
