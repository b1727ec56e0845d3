package jitter

// block is one block of a RED packet (RFC 2198, section 3).
type block struct {
	payloadType uint8
	offset      uint32 // to be subtracted from the packet's timestamp
	payload     []byte
}

// maxBlocks bounds the blocks of one packet.
const maxBlocks = 8

// split reads the blocks of a RED payload, the primary one last. It returns
// none when the payload is malformed.
func split(payload []byte, blocks *[maxBlocks]block) []block {
	var sizes [maxBlocks]int
	n, rest := 0, payload
	for more := true; more; n++ {
		if len(rest) == 0 || n == maxBlocks {
			return nil
		}
		more = rest[0]&0x80 != 0
		blocks[n] = block{payloadType: rest[0] & 0x7f}
		if !more {
			rest = rest[1:]
			continue
		}
		if len(rest) < 4 {
			return nil
		}
		blocks[n].offset = uint32(rest[1])<<6 | uint32(rest[2])>>2
		sizes[n] = int(rest[2]&3)<<8 | int(rest[3])
		rest = rest[4:]
	}
	for i := range n - 1 {
		if sizes[i] > len(rest) {
			return nil
		}
		blocks[i].payload, rest = rest[:sizes[i]], rest[sizes[i]:]
	}
	blocks[n-1].payload = rest
	return blocks[:n]
}
