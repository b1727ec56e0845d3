package opus

// HasPrevious implements codec.Recoverer. It looks for the LBRR flag of the
// SILK layer (RFC 6716, sections 4.2.3 and 4.2.4): the first Opus frame begins
// with a VAD flag for each SILK frame of 20 ms, then the LBRR flag, first for
// the mid and then for the side channel. They are coded as plain bits.
func (d *Decoder) HasPrevious(payload []byte) bool {
	first := firstFrame(payload)
	if len(first) == 0 {
		return false
	}
	config := payload[0] >> 3
	if config >= 16 { // CELT alone has no such layer
		return false
	}
	frames := 1 // SILK frames in an Opus frame
	if config < 12 {
		switch config & 3 {
		case 2:
			frames = 2
		case 3:
			frames = 3
		}
	}
	flags := first[0]
	lbrr := flags>>(7-frames)&1 != 0
	if payload[0]&4 != 0 { // stereo
		lbrr = lbrr || flags>>(7-2*frames-1)&1 != 0
	}
	return lbrr
}

// firstFrame returns at least the beginning of the first Opus frame in a packet
// (RFC 6716, section 3.2).
func firstFrame(payload []byte) []byte {
	if len(payload) < 2 {
		return nil
	}
	rest := payload[1:]
	switch payload[0] & 3 {
	case 0, 1:
		return rest
	case 2:
		return afterLength(rest)
	}
	count := rest[0]
	rest = rest[1:]
	if count&0x40 != 0 { // padding
		for len(rest) > 0 {
			more := rest[0] == 255
			rest = rest[1:]
			if !more {
				break
			}
		}
	}
	if count&0x80 != 0 { // VBR: a length for each frame but the last
		for range int(count&0x3f) - 1 {
			if rest = afterLength(rest); rest == nil {
				return nil
			}
		}
	}
	return rest
}

func afterLength(b []byte) []byte {
	switch {
	case len(b) > 0 && b[0] < 252:
		return b[1:]
	case len(b) > 1:
		return b[2:]
	}
	return nil
}
