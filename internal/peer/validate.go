package peer

import (
	"strings"

	"nearend/internal/protocol"
)

// endpointPrefix starts the ids that only the endpoint mints.
const endpointPrefix = "e:"

func fail(name protocol.ErrorName, message string) *protocol.Error {
	return protocol.NewError(name, message)
}

// checkID accepts an id that a page may mint.
func checkID(id string) *protocol.Error {
	if id == "" || len(id) > protocol.MaxID || strings.HasPrefix(id, endpointPrefix) {
		return fail(protocol.TypeError, "bad id")
	}
	return checkToken(id)
}

// checkToken accepts printable ASCII without spaces.
func checkToken(s string) *protocol.Error {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return fail(protocol.TypeError, "bad id")
		}
	}
	return nil
}

// checkStreams accepts ids of MediaStreams, which go into the SDP.
func checkStreams(streams []string) *protocol.Error {
	if len(streams) > protocol.MaxListItems {
		return fail(protocol.TypeError, "too many streams")
	}
	for _, s := range streams {
		if s == "" || len(s) > protocol.MaxID {
			return fail(protocol.TypeError, "bad stream id")
		}
		if err := checkToken(s); err != nil {
			return err
		}
	}
	return nil
}

// checkTrack accepts a local track id; empty is no track.
func checkTrack(track string) *protocol.Error {
	if len(track) > protocol.MaxID {
		return fail(protocol.TypeError, "bad track id")
	}
	return checkToken(track)
}

func checkDirection(direction string) *protocol.Error {
	switch direction {
	case "sendrecv", "sendonly", "recvonly", "inactive":
		return nil
	}
	return fail(protocol.TypeError, "bad direction")
}
