package peer

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
	"nearend/internal/rtpstream"
)

// The codecs that media can code, in the order and with the payload types that
// Chromium offers.
var supported = []sdp.Codec{
	{PayloadType: 111, Name: "opus", ClockRate: 48000, Channels: 2, Fmtp: "minptime=10;useinbandfec=1", Feedback: []string{"transport-cc"}},
	{PayloadType: 9, Name: "G722", ClockRate: 8000, Channels: 1},
	{PayloadType: 0, Name: "PCMU", ClockRate: 8000, Channels: 1},
	{PayloadType: 8, Name: "PCMA", ClockRate: 8000, Channels: 1},
	{PayloadType: 110, Name: telephoneEvent, ClockRate: 48000, Channels: 1},
	{PayloadType: 126, Name: telephoneEvent, ClockRate: 8000, Channels: 1},
}

const telephoneEvent = "telephone-event"

// sameCodec compares what identifies a codec apart from its payload type.
func sameCodec(a, b sdp.Codec) bool {
	return strings.EqualFold(a.Name, b.Name) && a.ClockRate == b.ClockRate && a.Channels == b.Channels
}

// supportedCodec finds our own codec that equals c.
func supportedCodec(c sdp.Codec) (sdp.Codec, bool) {
	i := slices.IndexFunc(supported, func(own sdp.Codec) bool { return sameCodec(own, c) })
	if i < 0 {
		return sdp.Codec{}, false
	}
	return supported[i], true
}

func isEvent(c sdp.Codec) bool { return strings.EqualFold(c.Name, telephoneEvent) }

func mimeType(c sdp.Codec) string { return "audio/" + c.Name }

func streamCodec(c sdp.Codec) rtpstream.Codec {
	own, ok := supportedCodec(c)
	if !ok {
		own = c
	}
	return rtpstream.Codec{
		PayloadType: c.PayloadType, MimeType: mimeType(own), ClockRate: c.ClockRate,
		Channels: c.Channels, Fmtp: c.Fmtp,
	}
}

func streamCodecs(codecs []sdp.Codec) []rtpstream.Codec {
	list := make([]rtpstream.Codec, len(codecs))
	for i, c := range codecs {
		list[i] = streamCodec(c)
	}
	return list
}

func protocolCodecs(codecs []sdp.Codec) []protocol.Codec {
	list := make([]protocol.Codec, len(codecs))
	for i, c := range codecs {
		s := streamCodec(c)
		list[i] = protocol.Codec{
			PayloadType: int(s.PayloadType), MimeType: s.MimeType, ClockRate: int(s.ClockRate),
			Channels: int(s.Channels), SDPFmtpLine: s.Fmtp,
		}
	}
	return list
}

// preferences turns setCodecPreferences' list into our codecs (WebRTC 1.0,
// section 5.4.1).
func preferences(list []protocol.Codec) ([]sdp.Codec, *protocol.Error) {
	if len(list) > protocol.MaxListItems {
		return nil, fail(protocol.TypeError, "too many codecs")
	}
	var preferred []sdp.Codec
	for _, c := range list {
		i := slices.IndexFunc(supported, func(own sdp.Codec) bool {
			return strings.EqualFold(mimeType(own), c.MimeType) && int(own.ClockRate) == c.ClockRate &&
				(c.Channels == int(own.Channels) || c.Channels == 0 && own.Channels == 1)
		})
		if i < 0 {
			return nil, fail(protocol.InvalidModificationError, "a codec is not among the capabilities")
		}
		if !slices.ContainsFunc(preferred, func(p sdp.Codec) bool { return sameCodec(p, supported[i]) }) {
			preferred = append(preferred, supported[i])
		}
	}
	if len(preferred) > 0 && !slices.ContainsFunc(preferred, func(c sdp.Codec) bool { return !isEvent(c) }) {
		return nil, fail(protocol.InvalidModificationError, "no codec among the preferences can carry sound")
	}
	return preferred, nil
}

// payloadTypes keeps one number for each codec across all descriptions of a
// peer connection, as RFC 8829, section 5.2.2, asks for.
type payloadTypes map[string]uint8

func codecKey(c sdp.Codec) string {
	return strings.ToLower(c.Name) + "/" + strconv.Itoa(int(c.ClockRate))
}

// learn takes over the numbers that the far end uses.
func (m payloadTypes) learn(codecs []sdp.Codec) {
	for _, c := range codecs {
		maps.DeleteFunc(m, func(_ string, pt uint8) bool { return pt == c.PayloadType })
		if _, ok := supportedCodec(c); ok {
			m[codecKey(c)] = c.PayloadType
		}
	}
}

// number gives each codec its payload type for an offer. A default that the far
// end uses for something else is replaced by a free dynamic one.
func (m payloadTypes) number(codecs []sdp.Codec) []sdp.Codec {
	used := map[uint8]bool{}
	numbered := slices.Clone(codecs)
	for _, c := range numbered {
		if pt, ok := m[codecKey(c)]; ok {
			used[pt] = true
		}
	}
	for i, c := range numbered {
		pt, ok := m[codecKey(c)]
		if !ok {
			pt = c.PayloadType
			for free := uint8(96); used[pt] && free < 128; free++ {
				pt = free
			}
			used[pt] = true
		}
		numbered[i].PayloadType = pt
	}
	return numbered
}

// answered lists the codecs of an offer that we have, with the offer's payload
// types and our own parameters. Preferences order and limit them (WebRTC 1.0,
// section 5.4.1).
func answered(offered, preferred []sdp.Codec) []sdp.Codec {
	var common []sdp.Codec
	for _, c := range offered {
		own, ok := supportedCodec(c)
		if !ok || slices.ContainsFunc(common, func(have sdp.Codec) bool { return sameCodec(have, c) }) {
			continue
		}
		own.PayloadType = c.PayloadType
		own.Feedback = slices.DeleteFunc(slices.Clone(own.Feedback), func(f string) bool { return !slices.Contains(c.Feedback, f) })
		common = append(common, own)
	}
	if len(preferred) == 0 {
		return common
	}
	var ordered []sdp.Codec
	for _, want := range preferred {
		for _, c := range common {
			if sameCodec(c, want) {
				ordered = append(ordered, c)
			}
		}
	}
	return ordered
}

// negotiated is the outcome for one audio section.
type negotiated struct {
	// send is what the far end takes, with its parameters; nil when nothing is
	// common. events is its telephone-event.
	send, events *sdp.Codec
	// sendList and receiveList are all codecs in either direction.
	sendList, receiveList []sdp.Codec
}

// negotiate compares the two descriptions of a section. The answer's order
// counts; what is sent carries the far end's numbers and parameters, what is
// received carries ours.
func negotiate(local, remote *sdp.Section, answer *sdp.Section) negotiated {
	var n negotiated
	for _, c := range local.Codecs {
		if _, ok := supportedCodec(c); ok {
			n.receiveList = append(n.receiveList, c)
		}
	}
	for _, c := range answer.Codecs {
		in := func(list []sdp.Codec) int {
			return slices.IndexFunc(list, func(x sdp.Codec) bool { return sameCodec(x, c) })
		}
		theirs, ours := in(remote.Codecs), in(local.Codecs)
		if _, ok := supportedCodec(c); ok && theirs >= 0 && ours >= 0 {
			n.sendList = append(n.sendList, remote.Codecs[theirs])
		}
	}
	for i, c := range n.sendList {
		if !isEvent(c) {
			n.send = &n.sendList[i]
			break
		}
	}
	if n.send == nil {
		return n
	}
	for i, c := range n.sendList {
		// RFC 4733, section 2.1: events share the clock of the audio. Gateways
		// offer opus with telephone-event/8000 all the same; then that is used.
		if isEvent(c) && (n.events == nil || c.ClockRate == n.send.ClockRate) {
			n.events = &n.sendList[i]
		}
	}
	return n
}
