package media

import (
	"strconv"
	"strings"
	"time"

	"nearend/internal/codec"
	"nearend/internal/rtpstream"
)

// fmtp reads one parameter of a format, empty when it is not there.
func fmtp(params, name string) string {
	for part := range strings.SplitSeq(params, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func fmtpNumber(params, name string) int {
	n, err := strconv.Atoi(fmtp(params, name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// encoderOptions reads what the far end asks of an Opus encoder (RFC 7587,
// section 6.1). Other codecs have no such parameters.
func encoderOptions(c rtpstream.Codec) codec.Options {
	return codec.Options{
		Bitrate: fmtpNumber(c.Fmtp, "maxaveragebitrate"),
		FEC:     fmtp(c.Fmtp, "useinbandfec") == "1",
		DTX:     fmtp(c.Fmtp, "usedtx") == "1",
		CBR:     fmtp(c.Fmtp, "cbr") == "1",
		MaxRate: fmtpNumber(c.Fmtp, "maxplaybackrate"),
	}
}

// packetTime bounds the wanted packet time by the far end's.
func packetTime(c rtpstream.Codec, wanted time.Duration) time.Duration {
	if wanted == 0 {
		wanted = time.Duration(fmtpNumber(c.Fmtp, "ptime")) * time.Millisecond
	}
	if wanted == 0 {
		wanted = 20 * time.Millisecond
	}
	if least := fmtpNumber(c.Fmtp, "minptime"); least > 0 {
		wanted = max(wanted, time.Duration(least)*time.Millisecond)
	}
	if most := fmtpNumber(c.Fmtp, "maxptime"); most > 0 {
		wanted = min(wanted, time.Duration(most)*time.Millisecond)
	}
	return wanted
}
