package media

import (
	"github.com/pion/rtcp"

	"nearend/internal/codec"
	"nearend/internal/rtpstream"
)

const (
	// lossWeight smooths the losses of receiver reports.
	lossWeight = 0.3
	// lossOn and lossOff switch forward error correction: below, what it costs
	// in quality is more than what it saves.
	lossOn, lossOff = 0.02, 0.008
	// fixedBitrate is that of G.711 and G.722.
	fixedBitrate = 64000
)

// steering adapts an encoder to what the far end reports.
type steering struct {
	encoder codec.Adaptive // nil when it cannot be steered
	wanted  int            // bitrate without bounds
	most    int            // set by the page; zero for no bound
	remote  int            // set by the far end; zero for no bound
	loss    float64
	fec     bool
}

// start takes a new encoder.
func (s *steering) start(e codec.Encoder, c rtpstream.Codec) {
	s.encoder, _ = e.(codec.Adaptive)
	s.wanted = fixedBitrate
	if s.encoder != nil {
		s.wanted = codec.DefaultBitrate
		if bits := encoderOptions(c).Bitrate; bits > 0 {
			s.wanted = bits
		}
	}
	s.apply()
}

// limit sets the page's bound.
func (s *steering) limit(bits int) {
	s.most = max(0, bits)
	s.apply()
}

func (s *steering) target() float64 {
	bits := s.wanted
	if s.encoder != nil {
		for _, bound := range []int{s.most, s.remote} {
			if bound > 0 {
				bits = min(bits, bound)
			}
		}
	}
	return float64(bits)
}

func (s *steering) apply() {
	if s.encoder == nil {
		return
	}
	s.encoder.SetBitrate(int(s.target()))
	loss := 0.0
	if s.fec {
		loss = s.loss
	}
	s.encoder.SetLoss(loss)
}

// feedback takes a packet from the far end.
func (s *steering) feedback(p rtcp.Packet) {
	switch p := p.(type) {
	case *rtcp.ReceiverReport:
		s.reports(p.Reports)
	case *rtcp.SenderReport:
		s.reports(p.Reports)
	case *rtcp.ReceiverEstimatedMaximumBitrate:
		s.remote = int(max(0, min(1e9, p.Bitrate)))
		s.apply()
	}
}

func (s *steering) reports(reports []rtcp.ReceptionReport) {
	if len(reports) == 0 {
		return
	}
	worst := 0.0
	for _, r := range reports {
		worst = max(worst, float64(r.FractionLost)/256)
	}
	s.loss += (worst - s.loss) * lossWeight
	if s.loss >= lossOn {
		s.fec = true
	} else if s.loss <= lossOff {
		s.fec = false
	}
	s.apply()
}
