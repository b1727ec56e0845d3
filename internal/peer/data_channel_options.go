package peer

import (
	"github.com/pion/datachannel"

	"nearend/internal/protocol"
)

// checkOptions checks RTCDataChannelInit (WebRTC 1.0, section 6.1).
func checkOptions(o protocol.DataChannelOptions) *protocol.Error {
	if len(o.Label) > 65535 || len(o.Protocol) > 65535 {
		return fail(protocol.TypeError, "label or protocol is too long")
	}
	if o.MaxPacketLifeTime != nil && o.MaxRetransmits != nil {
		return fail(protocol.TypeError, "maxPacketLifeTime and maxRetransmits exclude each other")
	}
	for _, n := range []*int{o.MaxPacketLifeTime, o.MaxRetransmits} {
		if n != nil && (*n < 0 || *n > 65535) {
			return fail(protocol.TypeError, "maxPacketLifeTime or maxRetransmits is out of range")
		}
	}
	if o.Negotiated && o.ID == nil {
		return fail(protocol.TypeError, "a negotiated data channel needs an id")
	}
	if o.ID != nil && (*o.ID < 0 || *o.ID > 65534) {
		return fail(protocol.TypeError, "the data channel's id is out of range")
	}
	return nil
}

// reliability is the channel type of RFC 8832, section 5.1.
func reliability(o protocol.DataChannelOptions) (datachannel.ChannelType, uint32) {
	kind, value := datachannel.ChannelTypeReliable, 0
	switch {
	case o.MaxRetransmits != nil:
		kind, value = datachannel.ChannelTypePartialReliableRexmit, *o.MaxRetransmits
	case o.MaxPacketLifeTime != nil:
		kind, value = datachannel.ChannelTypePartialReliableTimed, *o.MaxPacketLifeTime
	}
	if !o.Ordered {
		kind |= 0x80
	}
	return kind, uint32(value)
}
