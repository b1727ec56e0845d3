package sdp

import (
	"net"
	"strconv"
	"strings"
)

// WithCandidates returns a description's text with gathered candidates in the
// section of the given index, and changes nothing else of what a page may have
// written. The m= and c= lines get the default candidate (RFC 8829, section
// 5.2.2): a relay before a reflexive before a host one, IPv4 first.
func WithCandidates(text string, index int, candidates []string, complete bool) string {
	if len(candidates) == 0 && !complete {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 128*len(candidates))
	current, done := -1, false
	address, port := defaultAddress(candidates)
	for line := range strings.SplitAfterSeq(text, "\n") {
		if strings.HasPrefix(line, "m=") {
			current++
			if current == index {
				line = withPort(line, port)
			}
		}
		if current == index && strings.HasPrefix(line, "c=") && address != "" {
			line = connection(address) + "\r\n"
		}
		attribute := strings.HasPrefix(line, "a=") && !strings.HasPrefix(line, "a=rtcp:")
		if current == index && !done && attribute {
			writeCandidates(&b, candidates, complete)
			done = true
		}
		b.WriteString(line)
	}
	return b.String()
}

func writeCandidates(b *strings.Builder, candidates []string, complete bool) {
	for _, candidate := range candidates {
		b.WriteString("a=" + candidate + "\r\n")
	}
	if complete {
		b.WriteString("a=end-of-candidates\r\n")
	}
}

func withPort(line, port string) string {
	fields := strings.Split(line, " ")
	if port == "" || len(fields) < 4 || fields[1] == "0" {
		return line
	}
	fields[1] = port
	return strings.Join(fields, " ")
}

func connection(address string) string {
	if strings.Contains(address, ":") {
		return "c=IN IP6 " + address
	}
	return "c=IN IP4 " + address
}

// defaultAddress picks the default candidate of UDP ones with an address.
func defaultAddress(candidates []string) (address, port string) {
	best := -1
	for _, candidate := range candidates {
		fields := strings.Fields(candidate)
		if len(fields) < 8 || !strings.EqualFold(fields[2], "udp") {
			continue
		}
		ip := net.ParseIP(fields[4])
		if _, err := strconv.ParseUint(fields[5], 10, 16); err != nil || ip == nil {
			continue
		}
		rank := map[string]int{"host": 2, "srflx": 4, "relay": 6}[fields[7]]
		if ip.To4() != nil {
			rank++
		}
		if rank > best {
			best, address, port = rank, fields[4], fields[5]
		}
	}
	return address, port
}
