package codec

import (
	"errors"
	"time"
)

var errShort = errors.New("codec: buffer too short")

// tens rounds a packet time down to whole frames of 10 ms, 10 to 120 ms.
func tens(d time.Duration) time.Duration {
	const frame = 10 * time.Millisecond
	return max(frame, min(MaxPacket, d.Truncate(frame)))
}
