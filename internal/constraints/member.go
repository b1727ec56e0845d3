package constraints

import (
	"math"
	"slices"

	"nearend/internal/protocol"
)

// member is one constraint of a set: its name and its fitness distance.
type member struct {
	name     string
	distance func(protocol.TrackSettings) float64
	// required is the same without the ideal value, which has no say in an
	// advanced set.
	required func(protocol.TrackSettings) float64
}

// membersOf lists the constraints that a set holds.
func membersOf(set protocol.AudioConstraintSet) []member {
	var members []member
	text := func(name string, c *protocol.ConstrainString, value func(protocol.TrackSettings) string) {
		if c != nil {
			bare := protocol.ConstrainString{Exact: c.Exact}
			members = append(members, member{
				name:     name,
				distance: func(s protocol.TrackSettings) float64 { return stringDistance(*c, value(s)) },
				required: func(s protocol.TrackSettings) float64 { return stringDistance(bare, value(s)) },
			})
		}
	}
	number := func(name string, c *protocol.ConstrainNumber, value float64) {
		if c != nil {
			bare := protocol.ConstrainNumber{Exact: c.Exact, Min: c.Min, Max: c.Max}
			members = append(members, member{
				name:     name,
				distance: func(protocol.TrackSettings) float64 { return numberDistance(*c, value) },
				required: func(protocol.TrackSettings) float64 { return numberDistance(bare, value) },
			})
		}
	}
	toggle := func(name string, c *protocol.ConstrainBool, value func(protocol.TrackSettings) bool) {
		if c != nil {
			bare := protocol.ConstrainBool{Exact: c.Exact}
			members = append(members, member{
				name:     name,
				distance: func(s protocol.TrackSettings) float64 { return boolDistance(*c, value(s)) },
				required: func(s protocol.TrackSettings) float64 { return boolDistance(bare, value(s)) },
			})
		}
	}
	text("deviceId", set.DeviceID, func(s protocol.TrackSettings) string { return s.DeviceID })
	text("groupId", set.GroupID, func(s protocol.TrackSettings) string { return s.GroupID })
	number("sampleRate", set.SampleRate, SampleRate)
	number("sampleSize", set.SampleSize, SampleSize)
	number("channelCount", set.ChannelCount, ChannelCount)
	number("latency", set.Latency, Latency)
	toggle("echoCancellation", set.EchoCancellation, func(s protocol.TrackSettings) bool { return s.EchoCancellation })
	toggle("autoGainControl", set.AutoGainControl, func(s protocol.TrackSettings) bool { return s.AutoGainControl })
	toggle("noiseSuppression", set.NoiseSuppression, func(s protocol.TrackSettings) bool { return s.NoiseSuppression })
	return members
}

// requiredOf leaves the ideal values out. In an advanced set a bare value is
// exact, which the page has written so.
func requiredOf(members []member) []member {
	required := slices.Clone(members)
	for i := range required {
		required[i].distance = required[i].required
	}
	return required
}

func stringDistance(c protocol.ConstrainString, value string) float64 {
	if len(c.Exact) > 0 && !slices.Contains(c.Exact, value) {
		return math.Inf(1)
	}
	if len(c.Ideal) > 0 && !slices.Contains(c.Ideal, value) {
		return 1
	}
	return 0
}

func numberDistance(c protocol.ConstrainNumber, value float64) float64 {
	if c.Exact != nil && *c.Exact != value || c.Min != nil && value < *c.Min || c.Max != nil && value > *c.Max {
		return math.Inf(1)
	}
	if c.Ideal == nil || *c.Ideal == value {
		return 0
	}
	return math.Abs(value-*c.Ideal) / math.Max(math.Abs(value), math.Abs(*c.Ideal))
}

func boolDistance(c protocol.ConstrainBool, value bool) float64 {
	if c.Exact != nil && *c.Exact != value {
		return math.Inf(1)
	}
	if c.Ideal != nil && *c.Ideal != value {
		return 1
	}
	return 0
}
