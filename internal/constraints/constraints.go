// Package constraints chooses a microphone and its settings for a page (Media
// Capture and Streams, section "SelectSettings"). It is pure: the devices come
// as values and a choice goes out.
package constraints

import (
	"math"

	"nearend/internal/protocol"
)

// What every captured track has: the endpoint captures mono at 48 kHz with 16
// bits in frames of 10 ms, whatever the hardware does.
const (
	SampleRate   = 48000
	SampleSize   = 16
	ChannelCount = 1
	Latency      = 0.01
)

// Device is a microphone under the ids by which the page's origin knows it.
type Device struct {
	DeviceID, GroupID string
}

// Select returns the index of the device to use and the settings for it.
// Devices are in order of preference. When no device and settings meet the
// required constraints it returns OverconstrainedError with the name of a
// constraint that none meets, and NotFoundError when there is no device.
func Select(devices []Device, wanted protocol.AudioConstraints) (int, protocol.TrackSettings, *protocol.Error) {
	if len(devices) == 0 {
		return 0, protocol.TrackSettings{}, protocol.NewError(protocol.NotFoundError, "Requested device not found")
	}
	candidates := allSettings(devices)
	basic := membersOf(wanted.AudioConstraintSet)

	// Steps 2 to 4: drop what the required constraints rule out.
	suitable := keep(candidates, basic)
	if len(suitable) == 0 {
		failure := protocol.NewError(protocol.OverconstrainedError, "no device meets the constraints")
		failure.Constraint = failing(candidates, basic)
		return 0, protocol.TrackSettings{}, failure
	}
	// Step 5: each advanced set counts only if something is left by it.
	for _, set := range wanted.Advanced {
		if left := keep(suitable, requiredOf(membersOf(set))); len(left) > 0 {
			suitable = left
		}
	}
	// Step 6: the smallest distance wins, the earlier one among equals.
	best, least := suitable[0], math.Inf(1)
	for _, one := range suitable {
		if d := distance(one.settings, basic); d < least {
			best, least = one, d
		}
	}
	return best.device, best.settings, nil
}

// Capabilities are what tracks of a device can be set to.
func Capabilities(device Device) protocol.TrackCapabilities {
	fixed := func(value float64) protocol.Range { return protocol.Range{Min: value, Max: value} }
	either := []bool{true, false}
	return protocol.TrackCapabilities{
		DeviceID:         device.DeviceID,
		GroupID:          device.GroupID,
		SampleRate:       fixed(SampleRate),
		SampleSize:       fixed(SampleSize),
		ChannelCount:     fixed(ChannelCount),
		Latency:          fixed(Latency),
		EchoCancellation: either,
		AutoGainControl:  either,
		NoiseSuppression: either,
	}
}

// candidate is a settings dictionary and the index of its device.
type candidate struct {
	device   int
	settings protocol.TrackSettings
}

// allSettings lists every settings dictionary there is. Within a device the
// voice processing that is on comes first, so that it is the default.
func allSettings(devices []Device) []candidate {
	either := []bool{true, false}
	var all []candidate
	for i, device := range devices {
		for _, echo := range either {
			for _, gain := range either {
				for _, noise := range either {
					all = append(all, candidate{device: i, settings: protocol.TrackSettings{
						DeviceID:         device.DeviceID,
						GroupID:          device.GroupID,
						SampleRate:       SampleRate,
						SampleSize:       SampleSize,
						ChannelCount:     ChannelCount,
						Latency:          Latency,
						EchoCancellation: echo,
						AutoGainControl:  gain,
						NoiseSuppression: noise,
					}})
				}
			}
		}
	}
	return all
}

func keep(candidates []candidate, members []member) []candidate {
	var kept []candidate
	for _, one := range candidates {
		if !math.IsInf(distance(one.settings, members), 1) {
			kept = append(kept, one)
		}
	}
	return kept
}

// distance is the sum of the fitness distances, infinite when a required
// constraint is not met.
func distance(settings protocol.TrackSettings, members []member) float64 {
	sum := 0.0
	for _, m := range members {
		sum += m.distance(settings)
	}
	return sum
}

// failing names a required constraint that no candidate meets, or nothing when
// only their combination fails.
func failing(candidates []candidate, members []member) string {
	for _, m := range members {
		if len(keep(candidates, []member{m})) == 0 {
			return m.name
		}
	}
	return ""
}
