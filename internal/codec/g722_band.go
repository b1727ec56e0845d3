package codec

// band is the adaptive differential coder of one band of G.722. The names of
// the values are those of the Recommendation, section 6.2.1, where the blocks
// that the comments cite are defined; all of it is arithmetic on 16 bits.
type band struct {
	det int // quantizer scale factor
	nb  int // its logarithm
	s   int // predicted signal
	sz  int // its part from the zero predictor
	a   [3]int
	b   [7]int
	d   [7]int // quantized differences, newest first
	p   [3]int // partially reconstructed signal
	r   [3]int // reconstructed signal
}

func newLowBand() band  { return band{det: 32} }
func newHighBand() band { return band{det: 8} }

func limit(v int) int { return max(-32768, min(32767, v)) }

// Tables of section 6.2.1.1 for six-bit and four-bit lower-band codes and
// two-bit higher-band codes.
var (
	q6 = [30]int{0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650,
		714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919}
	qm4 = [16]int{0, -20456, -12896, -8968, -6288, -4240, -2584, -1200,
		20456, 12896, 8968, 6288, 4240, 2584, 1200, 0}
	qm6 = [64]int{-136, -136, -136, -136, -24808, -21904, -19008, -16704,
		-14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
		-7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576,
		-3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
		24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192,
		10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
		4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032,
		1688, 1360, 1040, 728, 432, 136, -432, -136}
	qm2  = [4]int{-7408, -1616, 7408, 1616}
	wl   = [8]int{-60, -30, 58, 172, 334, 538, 1198, 3042}
	rl42 = [16]int{0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0}
	wh   = [3]int{0, -214, 798}
	rh2  = [4]int{2, 1, 2, 1}
	ilb  = [32]int{2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543,
		2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371,
		3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008}
)

// quantizeLow codes a lower-band sample in six bits (SUBTRA, QUANTL).
func (b *band) quantizeLow(x int) int {
	e := limit(x - b.s)
	magnitude := e
	if e < 0 {
		magnitude = ^e
	}
	i := 1
	for i < len(q6) && magnitude >= q6[i]*b.det>>12 {
		i++
	}
	switch {
	case e >= 0:
		return 62 - i
	case i <= 2:
		return 64 - i
	}
	return 34 - i
}

// quantizeHigh codes a higher-band sample in two bits (SUBTRA, QUANTH).
func (b *band) quantizeHigh(x int) int {
	e := limit(x - b.s)
	magnitude, code := e, 3
	if e < 0 {
		magnitude, code = ^e, 1
	}
	if magnitude >= 564*b.det>>12 {
		code--
	}
	return code
}

// restoreLow decodes a lower-band code (INVQBL, RECONS, LIMIT).
func (b *band) restoreLow(code int) int {
	return max(-16384, min(16383, b.s+b.det*qm6[code]>>15))
}

// restoreHigh decodes a higher-band code (INVQAH, RECONS, LIMIT).
func (b *band) restoreHigh(code int) int {
	return max(-16384, min(16383, b.s+b.det*qm2[code]>>15))
}

// adaptLow moves the predictor and the scale on by a four-bit code (INVQAL,
// LOGSCL, SCALEL).
func (b *band) adaptLow(code int) {
	difference := b.det * qm4[code] >> 15
	b.scale(wl[rl42[code]], 18432, 8)
	b.predict(difference)
}

// adaptHigh does it for the higher band (INVQAH, LOGSCH, SCALEH).
func (b *band) adaptHigh(code int) {
	difference := b.det * qm2[code] >> 15
	b.scale(wh[rh2[code]], 22528, 10)
	b.predict(difference)
}

func (b *band) scale(weight, ceiling, shift int) {
	b.nb = max(0, min(ceiling, b.nb*127>>7+weight))
	mantissa, exponent := ilb[b.nb>>6&31], shift-b.nb>>11
	if exponent < 0 {
		b.det = mantissa << -exponent << 2
	} else {
		b.det = mantissa >> exponent << 2
	}
}

// predict is block 4: it updates both predictors and predicts the next sample.
func (b *band) predict(difference int) {
	b.d[0] = difference
	b.r[0] = limit(b.s + difference)
	b.p[0] = limit(b.sz + difference)

	// UPPOL2
	same1, same2 := b.p[0]>>15 == b.p[1]>>15, b.p[0]>>15 == b.p[2]>>15
	w := limit(b.a[1] << 2)
	if same1 {
		w = min(-w, 32767)
	}
	a2 := w>>7 + signed(128, same2) + b.a[2]*32512>>15
	a2 = max(-12288, min(12288, a2))
	// UPPOL1
	a1 := limit(signed(192, same1) + b.a[1]*32640>>15)
	bound := limit(15360 - a2)
	a1 = max(-bound, min(bound, a1))
	b.a[1], b.a[2] = a1, a2
	// UPZERO
	step := 128
	if difference == 0 {
		step = 0
	}
	for i := 1; i < len(b.b); i++ {
		same := b.d[i]>>15 == difference>>15
		b.b[i] = limit(signed(step, same) + b.b[i]*32640>>15)
	}
	// DELAYA
	copy(b.d[1:], b.d[:6])
	b.r[2], b.r[1] = b.r[1], b.r[0]
	b.p[2], b.p[1] = b.p[1], b.p[0]
	// FILTEP, FILTEZ, PREDIC
	poles := limit(b.a[1]*limit(2*b.r[1])>>15 + b.a[2]*limit(2*b.r[2])>>15)
	zeros := 0
	for i := 1; i < len(b.b); i++ {
		zeros += b.b[i] * limit(2*b.d[i]) >> 15
	}
	b.sz = limit(zeros)
	b.s = limit(poles + b.sz)
}

func signed(v int, positive bool) int {
	if positive {
		return v
	}
	return -v
}
