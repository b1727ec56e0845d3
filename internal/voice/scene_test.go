package voice

import (
	"math"
	"math/rand/v2"

	"nearend/internal/pcm"
)

// talk is something like speech: syllables of a gliding voice with formants
// and breaths of noise between them, at about -20 dBFS while it lasts.
// Deterministic by seed.
func talk(seed uint64, seconds float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float64, 0, int(seconds*pcm.Rate))
	phase := 0.0
	for len(out) < cap(out) {
		pitch, glide := 90+80*r.Float64(), 0.8+0.4*r.Float64()
		f1, f2 := 300+500*r.Float64(), 900+1400*r.Float64()
		var harmonics []float64
		for f := pitch; f < 5000; f += pitch {
			harmonics = append(harmonics, 1/(1+math.Pow((f-f1)/120, 2))+0.5/(1+math.Pow((f-f2)/200, 2))+0.02)
		}
		length := int((0.12 + 0.2*r.Float64()) * pcm.Rate)
		for i := 0; i < length && len(out) < cap(out); i++ {
			at := float64(i) / float64(length)
			hz := pitch * (1 + (glide-1)*at)
			phase += 2 * math.Pi * hz / pcm.Rate
			v := 0.05 * r.NormFloat64()
			// sin (h+1)x = 2 cos x sin hx - sin (h-1)x
			sin, cos := math.Sincos(phase)
			before := 0.0
			for _, amplitude := range harmonics {
				v += amplitude * sin
				before, sin = sin, 2*cos*sin-before
			}
			out = append(out, 0.12*v*math.Sin(math.Pi*at))
		}
		for range min(int((0.03+0.15*r.Float64())*pcm.Rate), cap(out)-len(out)) {
			out = append(out, 0)
		}
		if r.IntN(8) == 0 {
			for range min(int(0.5*pcm.Rate), cap(out)-len(out)) {
				out = append(out, 0)
			}
		}
	}
	return out
}

// hiss is white noise of the given level in dBFS.
func hiss(seed uint64, level float64, samples int) []float64 {
	r := rand.New(rand.NewPCG(seed, 2))
	out := make([]float64, samples)
	for i := range out {
		out[i] = math.Pow(10, level/20) * r.NormFloat64()
	}
	return out
}

// room is what a microphone hears of far: late by delay seconds, through the
// first 80 ms of a room that decays by 60 dB in a quarter of a second, on a
// clock that runs skew faster, gain times as loud.
func room(far []float64, delay, skew, gain float64) []float64 {
	r := rand.New(rand.NewPCG(3, 3))
	taps := make([]float64, pcm.Rate*8/100)
	var energy float64
	for i := range taps {
		if i > 20 && r.IntN(40) != 0 {
			continue
		}
		taps[i] = r.NormFloat64() * math.Pow(10, -3*float64(i)/(0.25*pcm.Rate))
		energy += taps[i] * taps[i]
	}
	wet := make([]float64, len(far))
	for i, tap := range taps {
		if tap == 0 {
			continue
		}
		tap *= gain / math.Sqrt(energy)
		late := wet[i:]
		for j, v := range far[:len(late)] {
			late[j] += tap * v
		}
	}
	out := make([]float64, len(far))
	for i := range out {
		at := (float64(i) - delay*pcm.Rate) * (1 + skew)
		k := int(math.Floor(at))
		if k < 1 || k+2 >= len(wet) {
			continue
		}
		out[i] = cubic(wet[k-1:k+3], at-float64(k))
	}
	return out
}

// cubic interpolates between the middle two of four samples.
func cubic(y []float64, x float64) float64 {
	a := (y[2] - y[0]) / 2
	b := y[0] - 2.5*y[1] + 2*y[2] - 0.5*y[3]
	c := 1.5*(y[1]-y[2]) + 0.5*(y[3]-y[0])
	return y[1] + x*(a+x*(b+x*c))
}

func sum(signals ...[]float64) []float64 {
	out := make([]float64, len(signals[0]))
	for _, s := range signals {
		for i, v := range s {
			out[i] += v
		}
	}
	return out
}

func toFrames(signal []float64) []int16 {
	out := make([]int16, len(signal)/pcm.FrameSamples*pcm.FrameSamples)
	for i := range out {
		out[i] = int16(math.Round(32767 * max(-1, min(1, signal[i]))))
	}
	return out
}

// through runs a microphone signal through a processor, with far rendered
// beside it when there is any.
func through(p *Processor, mic, far []float64) []float64 {
	in := toFrames(mic)
	var play []int16
	if far != nil {
		play = toFrames(far)
	}
	for at := 0; at < len(in); at += pcm.FrameSamples {
		if play != nil {
			p.Render(play[at : at+pcm.FrameSamples])
		}
		p.Capture(in[at : at+pcm.FrameSamples])
	}
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(v) / 32767
	}
	return out
}

// decibels is the level of a signal in dBFS.
func decibels(signal []float64) float64 {
	var power float64
	for _, v := range signal {
		power += v * v
	}
	return 10 * math.Log10(power/float64(len(signal))+1e-12)
}

// share is how much of wanted is in got, in dB: the projection at the lag, up
// to 10 ms, where it is greatest.
func share(wanted, got []float64) float64 {
	at := func(lag, stride int) float64 {
		var cross, energy float64
		for i := 0; i+lag < len(got); i += stride {
			cross += wanted[i] * got[i+lag]
			energy += wanted[i] * wanted[i]
		}
		return cross / energy
	}
	best, most := 0, 0.0
	for lag := range pcm.FrameSamples {
		if v := at(lag, 31); v > most {
			best, most = lag, v
		}
	}
	return 20 * math.Log10(max(at(best, 1), 1e-6))
}
