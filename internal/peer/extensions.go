package peer

import (
	"slices"

	"github.com/pion/rtp"

	"nearend/internal/peer/sdp"
	"nearend/internal/protocol"
)

// The header extensions that are offered, numbered as Chromium does.
const (
	extensionAudioLevel  = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	extensionSendTime    = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	extensionTransportCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	extensionMID         = "urn:ietf:params:rtp-hdrext:sdes:mid"
)

// levelExtension is the audio level's number towards the media engine, whatever
// was negotiated with the far end.
const levelExtension = 1

// moveExtension renumbers a header extension; to zero removes it. What had the
// number before is lost.
func moveExtension(header *rtp.Header, from, to uint8) {
	payload := header.GetExtension(from)
	if payload != nil {
		_ = header.DelExtension(from)
	}
	if to == 0 {
		return
	}
	if header.GetExtension(to) != nil {
		_ = header.DelExtension(to)
	}
	if payload != nil {
		_ = header.SetExtension(to, payload)
	}
}

var supportedExtensions = []sdp.Extension{
	{ID: levelExtension, URI: extensionAudioLevel},
	{ID: 2, URI: extensionSendTime},
	{ID: 3, URI: extensionTransportCC},
	{ID: 4, URI: extensionMID},
}

// extensionIDs keeps one number for each extension across all descriptions, as
// bundled sections share the numbers (RFC 9143, section 9.2.2).
type extensionIDs map[string]int

func (m extensionIDs) learn(extensions []sdp.Extension) {
	for _, e := range extensions {
		if e.ID > 0 && e.ID < 15 && supportedExtension(e.URI) {
			m[e.URI] = e.ID
		}
	}
}

// number lists what an offer contains.
func (m extensionIDs) number() []sdp.Extension {
	used := map[int]bool{}
	for _, id := range m {
		used[id] = true
	}
	var numbered []sdp.Extension
	for _, e := range supportedExtensions {
		if id, ok := m[e.URI]; ok {
			e.ID = id
		} else {
			for free := 1; used[e.ID] && free < 15; free++ {
				e.ID = free
			}
			used[e.ID] = true
		}
		numbered = append(numbered, e)
	}
	return numbered
}

func supportedExtension(uri string) bool {
	return slices.ContainsFunc(supportedExtensions, func(e sdp.Extension) bool { return e.URI == uri })
}

// answeredExtensions lists the extensions of an offer that we have. Only
// one-byte ids are used. A section without a name has no use for the mid.
func answeredExtensions(offer *sdp.Section) []sdp.Extension {
	var common []sdp.Extension
	for _, e := range offer.Extensions {
		if !supportedExtension(e.URI) || e.ID < 1 || e.ID > 14 || e.URI == extensionMID && offer.NoMID {
			continue
		}
		switch e.Direction {
		case "sendonly":
			e.Direction = "recvonly"
		case "recvonly":
			e.Direction = "sendonly"
		}
		common = append(common, e)
	}
	return common
}

// commonExtensions lists what both sides of a section have, with its number.
func commonExtensions(local, remote *sdp.Section) []protocol.HeaderExtension {
	common := []protocol.HeaderExtension{}
	for _, e := range remote.Extensions {
		if id := local.ExtensionID(e.URI); id != 0 && int(id) == e.ID && supportedExtension(e.URI) {
			common = append(common, protocol.HeaderExtension{URI: e.URI, ID: e.ID})
		}
	}
	return common
}

func extensionNumber(list []protocol.HeaderExtension, uri string) uint8 {
	for _, e := range list {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}
