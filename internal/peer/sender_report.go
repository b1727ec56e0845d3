package peer

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// senderReport is what a sender tells in RTCP sender reports (RFC 3550, section
// 6.4.1). It has its own lock.
type senderReport struct {
	mu              sync.Mutex
	clock           uint32
	packets, octets uint32
	timestamp       uint32
	at              time.Time
	reports         uint64
}

func (s *senderReport) setClock(clock uint32) {
	s.mu.Lock()
	s.clock = clock
	s.mu.Unlock()
}

func (s *senderReport) sent(header *rtp.Header, octets int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packets++
	s.octets += uint32(octets)
	s.timestamp, s.at = header.Timestamp, at
}

// report makes a sender report for now, or nil when nothing was sent yet.
func (s *senderReport) report(ssrc uint32, now time.Time) *rtcp.SenderReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.packets == 0 {
		return nil
	}
	s.reports++
	elapsed := now.Sub(s.at).Seconds() * float64(s.clock)
	return &rtcp.SenderReport{
		SSRC: ssrc, NTPTime: ntpTime(now), RTPTime: s.timestamp + uint32(int64(elapsed)),
		PacketCount: s.packets, OctetCount: s.octets,
	}
}

// ntpTime is the 64-bit NTP time: seconds since 1900 and their fraction.
func ntpTime(at time.Time) uint64 {
	const from1900 = 2208988800
	seconds := uint64(at.Unix() + from1900)
	return seconds<<32 | uint64(at.Nanosecond())<<32/uint64(time.Second)
}

// fromNTP is the inverse of ntpTime.
func fromNTP(ntp uint64) time.Time {
	const from1900 = 2208988800
	return time.Unix(int64(ntp>>32)-from1900, int64((ntp&0xffffffff)*uint64(time.Second)>>32))
}

// remoteInbound is what the far end reports about a stream of ours: the last
// reception report and the round trips made from it. It has its own lock.
type remoteInbound struct {
	mu sync.Mutex
	// clock is the codec's rate, the unit of the reported jitter.
	clock        uint32
	at           time.Time
	last         rtcp.ReceptionReport
	roundTrip    *float64
	roundTrips   float64
	measurements uint64
	nacks        uint64
}

// report takes a reception report that arrived at now. The round trip is
// A - LSR - DLSR in the middle 32 bits of NTP time (RFC 3550, section 6.4.1).
func (r *remoteInbound) report(report rtcp.ReceptionReport, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.last = now, report
	if report.LastSenderReport == 0 {
		return
	}
	trip := int32(uint32(ntpTime(now)>>16) - report.LastSenderReport - report.Delay)
	seconds := max(float64(trip)/65536, 0)
	if seconds > 60 {
		return
	}
	r.roundTrip = &seconds
	r.roundTrips += seconds
	r.measurements++
}

func (r *remoteInbound) setClock(clock uint32) {
	r.mu.Lock()
	r.clock = clock
	r.mu.Unlock()
}
