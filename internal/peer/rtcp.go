package peer

import (
	"math/rand/v2"
	"time"

	"github.com/pion/rtcp"

	"nearend/internal/protocol"
)

// pulse is how often timed work is looked at, and how often transport-wide
// feedback is sent.
const pulse = 100 * time.Millisecond

// reportInterval is the mean time between RTCP reports; each is drawn between
// half and one and a half of it (RFC 3550, section 6.2).
const reportInterval = 2500 * time.Millisecond

// sourcesEvery is how many pulses lie between receiver.sources events.
const sourcesEvery = 2

// beat runs timed work until the transport's association ends.
func (p *PeerConnection) beat(ended <-chan struct{}) {
	ticker := time.NewTicker(pulse)
	defer ticker.Stop()
	next := time.Now().Add(reportInterval / 5)
	for n := 1; ; n++ {
		select {
		case <-ended:
			return
		case now := <-ticker.C:
			p.router.feedback.flush(p)
			if now.After(next) {
				next = now.Add(reportInterval/2 + rand.N(reportInterval))
				p.sendReports(now)
			}
			if n%sourcesEvery == 0 {
				p.reportSources(now)
			}
		}
	}
}

// sendReports sends one compound packet for each sender, or one for all
// receivers when nothing is sent.
func (p *PeerConnection) sendReports(now time.Time) {
	p.lock()
	var blocks []rtcp.ReceptionReport
	var reports []*rtcp.SenderReport
	first := uint32(0)
	for _, t := range p.transceivers {
		blocks = append(blocks, t.receiver.blocks(now)...)
		if first == 0 {
			first = t.sender.ssrc
		}
		if t.sending() && t.sender.stream != nil {
			if report := t.sender.report.report(t.sender.ssrc, now); report != nil {
				reports = append(reports, report)
			}
		}
	}
	p.unlock()
	// A report counts at most 31 blocks.
	blocks = blocks[:min(len(blocks), 31)]
	var compound []rtcp.Packet
	for _, report := range reports {
		report.Reports, blocks = blocks, nil
		compound = append(compound, report, p.describe(report.SSRC))
	}
	if len(blocks) > 0 {
		compound = []rtcp.Packet{&rtcp.ReceiverReport{SSRC: first, Reports: blocks}, p.describe(first)}
	}
	if len(compound) > 0 {
		_ = p.transport.WriteRTCP(compound...)
	}
}

// describe makes the SDES CNAME item that each compound packet carries.
func (p *PeerConnection) describe(ssrc uint32) rtcp.Packet {
	return &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: ssrc, Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: p.cname}},
	}}}
}

// blocks makes a reception report of each source heard since the last one.
func (r *receiver) blocks(now time.Time) []rtcp.ReceptionReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	var blocks []rtcp.ReceptionReport
	for _, rec := range r.receptions {
		if rec.received != rec.priorReceived {
			blocks = append(blocks, rec.block(now))
		}
	}
	return blocks
}

// reportSources tells the page who was heard.
func (p *PeerConnection) reportSources(now time.Time) {
	p.lock()
	defer p.unlock()
	if p.closed {
		return
	}
	for _, t := range p.transceivers {
		if event, fresh := t.receiver.watch(now); fresh {
			p.out.Notify(protocol.ReceiverSources, event)
		}
	}
	p.notifyChanged()
}

// feedback is the transport's callback for RTCP.
func (p *PeerConnection) feedback(packets []rtcp.Packet, arrival time.Time) {
	for _, packet := range packets {
		switch packet := packet.(type) {
		case *rtcp.SenderReport:
			if r := p.router.bySSRC(packet.SSRC); r != nil {
				r.mu.Lock()
				if rec := r.receptions[packet.SSRC]; rec != nil {
					rec.senderReport(*packet, arrival)
				}
				r.mu.Unlock()
			}
			p.receptionReports(packet.Reports, arrival)
		case *rtcp.ReceiverReport:
			p.receptionReports(packet.Reports, arrival)
		case *rtcp.Goodbye:
			for _, ssrc := range packet.Sources {
				if r := p.router.bySSRC(ssrc); r != nil {
					r.goodbye(ssrc)
				}
			}
		}
	}
	p.forwardFeedback(packets)
}

func (p *PeerConnection) receptionReports(reports []rtcp.ReceptionReport, now time.Time) {
	p.lock()
	defer p.unlock()
	for _, report := range reports {
		for _, t := range p.transceivers {
			if t.sender.ssrc == report.SSRC {
				t.sender.remote.report(report, now)
			}
		}
	}
}

// forwardFeedback gives the encoders what concerns them.
func (p *PeerConnection) forwardFeedback(packets []rtcp.Packet) {
	p.lock()
	defer p.unlock()
	if p.closed {
		return
	}
	for _, t := range p.transceivers {
		if t.sender.stream == nil {
			continue
		}
		for _, packet := range packets {
			for _, ssrc := range packet.DestinationSSRC() {
				if ssrc == t.sender.ssrc {
					if _, ok := packet.(*rtcp.TransportLayerNack); ok {
						t.sender.remote.nack()
					}
					t.sender.stream.Feedback(packet)
					break
				}
			}
		}
	}
}

func (r *remoteInbound) nack() {
	r.mu.Lock()
	r.nacks++
	r.mu.Unlock()
}
