package peer

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// reception counts one source for RTCP reception reports (RFC 3550, sections
// 6.4.1, A.1, A.3 and A.8). It is guarded by receiver.mu.
type reception struct {
	ssrc uint32
	// base is the first and highest the latest extended sequence number.
	base, highest uint32
	received      uint32
	// priorExpected and priorReceived are as of the last report.
	priorExpected, priorReceived uint32
	transit                      float64
	jitter                       float64
	lastRTP                      uint32

	// report is the source's last sender report and its arrival.
	report   rtcp.SenderReport
	reportAt time.Time
	reports  uint64
}

// maxJump is how far a sequence number may jump before the source is taken to
// have restarted (MAX_DROPOUT).
const maxJump = 3000

func (r *reception) packet(packet *rtp.Packet, clock uint32, arrival time.Time) {
	sequence := uint32(packet.SequenceNumber)
	if r.received == 0 {
		r.start(sequence)
	} else if ahead := packet.SequenceNumber - uint16(r.highest); ahead < maxJump {
		r.highest += uint32(ahead)
	} else if back := uint16(r.highest) - packet.SequenceNumber; back > maxJump {
		r.start(sequence)
	}
	r.received++
	if clock == 0 {
		return
	}
	// The interarrival jitter counts only packets that are not of one instant.
	transit := float64(arrival.UnixNano())/1e9*float64(clock) - float64(packet.Timestamp)
	if r.received > 1 && packet.Timestamp != r.lastRTP {
		difference := transit - r.transit
		if difference < 0 {
			difference = -difference
		}
		// A wrap of the timestamp or a jump of the source is not jitter.
		if difference < float64(clock)*10 {
			r.jitter += (difference - r.jitter) / 16
		}
	}
	r.transit, r.lastRTP = transit, packet.Timestamp
}

func (r *reception) start(sequence uint32) {
	r.base, r.highest = sequence, sequence
	r.received, r.priorExpected, r.priorReceived = 0, 0, 0
	r.jitter = 0
}

func (r *reception) senderReport(report rtcp.SenderReport, now time.Time) {
	r.report, r.reportAt = report, now
	r.reports++
}

// block makes a reception report and begins the next interval.
func (r *reception) block(now time.Time) rtcp.ReceptionReport {
	expected := r.highest - r.base + 1
	lost := int64(expected) - int64(r.received)
	interval := int64(expected - r.priorExpected)
	lostInterval := interval - int64(r.received-r.priorReceived)
	r.priorExpected, r.priorReceived = expected, r.received
	var fraction uint8
	if interval > 0 && lostInterval > 0 {
		fraction = uint8(min(lostInterval*256/interval, 255))
	}
	b := rtcp.ReceptionReport{
		SSRC: r.ssrc, FractionLost: fraction, TotalLost: uint32(min(max(lost, 0), 1<<23-1)),
		LastSequenceNumber: r.highest, Jitter: uint32(r.jitter),
	}
	if !r.reportAt.IsZero() {
		b.LastSenderReport = uint32(r.report.NTPTime >> 16)
		b.Delay = uint32(now.Sub(r.reportAt).Seconds() * 65536)
	}
	return b
}
