package peer

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/pion/rtp"
)

// router finds the receiver that a packet is for (RFC 9143, section 9.2): by
// the mid in the header, by an SSRC known from there or from a description, or
// by a payload type that only one section uses. It has its own lock, which is
// the innermost.
type router struct {
	mu     sync.RWMutex
	routes []route
	ssrcs  map[uint32]*receiver
	clocks map[uint8]uint32
	own    map[uint32]bool
	// extension is the mid's header extension, zero for none.
	extension uint8
	// feedback collects packets for transport-wide feedback.
	feedback transportRecorder
}

// route is one section that receives.
type route struct {
	mid      string
	types    []uint8
	receiver *receiver
}

// maxSources bounds the SSRCs that one peer connection, or one receiver, knows.
const maxSources = 256

func (r *router) init() {
	r.ssrcs = map[uint32]*receiver{}
	r.clocks = map[uint8]uint32{}
	r.own = map[uint32]bool{}
}

// newSSRC makes a number for a sender of ours.
func (r *router) newSSRC() uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if ssrc := rand.Uint32(); ssrc != 0 && !r.own[ssrc] && r.ssrcs[ssrc] == nil {
			r.own[ssrc] = true
			return ssrc
		}
	}
}

// applyStreams makes all streams and routes follow the descriptions.
func (p *PeerConnection) applyStreams() {
	var routes []route
	clocks := map[uint8]uint32{}
	declared := map[uint32]*receiver{}
	var extension, feedback uint8
	for _, t := range p.transceivers {
		if t.kind != "audio" {
			continue
		}
		t.sender.apply()
		t.receiver.apply()
		if !t.receiving() {
			continue
		}
		own := route{mid: t.mid, receiver: t.receiver}
		for _, c := range t.codecs.receiveList {
			own.types = append(own.types, c.PayloadType)
			clocks[c.PayloadType] = c.ClockRate
		}
		routes = append(routes, own)
		for _, ssrc := range t.remoteSSRCs {
			declared[ssrc] = t.receiver
		}
		extension = max(extension, extensionNumber(t.extensions, extensionMID))
		if t.feedback {
			feedback = max(feedback, extensionNumber(t.extensions, extensionTransportCC))
		}
	}
	p.router.set(routes, clocks, declared, extension)
	p.router.feedback.use(feedback)
}

func (r *router) set(routes []route, clocks map[uint8]uint32, declared map[uint32]*receiver, extension uint8) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routes, r.clocks, r.extension = routes, clocks, extension
	for ssrc, receiver := range r.ssrcs {
		if !slices.ContainsFunc(routes, func(o route) bool { return o.receiver == receiver }) {
			delete(r.ssrcs, ssrc)
		}
	}
	for ssrc, receiver := range declared {
		if len(r.ssrcs) < maxSources {
			r.ssrcs[ssrc] = receiver
		}
	}
}

func (r *router) forget(gone *receiver) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routes = slices.DeleteFunc(slices.Clone(r.routes), func(o route) bool { return o.receiver == gone })
	for ssrc, receiver := range r.ssrcs {
		if receiver == gone {
			delete(r.ssrcs, ssrc)
		}
	}
}

func (r *router) clock(payloadType uint8) uint32 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.clocks[payloadType]
}

// bySSRC finds who receives a source, or nil.
func (r *router) bySSRC(ssrc uint32) *receiver {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.ssrcs[ssrc]
}

// packet is the transport's callback.
func (r *router) packet(packet *rtp.Packet, arrival time.Time) {
	r.feedback.record(packet, arrival)
	if receiver := r.find(packet); receiver != nil {
		receiver.push(packet, arrival)
	}
}

func (r *router) find(packet *rtp.Packet) *receiver {
	r.mu.RLock()
	known := r.ssrcs[packet.SSRC]
	var mid string
	if r.extension != 0 {
		mid = string(packet.GetExtension(r.extension))
	}
	r.mu.RUnlock()
	if known != nil && mid == "" {
		return known
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var match *receiver
	for _, o := range r.routes {
		if mid != "" {
			if o.mid == mid {
				match = o.receiver
				break
			}
			continue
		}
		if slices.Contains(o.types, packet.PayloadType) {
			if match != nil {
				return nil // ambiguous
			}
			match = o.receiver
		}
	}
	if match == nil {
		return known
	}
	if match != known && len(r.ssrcs) < maxSources {
		r.ssrcs[packet.SSRC] = match
	}
	return match
}
