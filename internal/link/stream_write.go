package link

import (
	"encoding/binary"
	"time"
)

// write sends frames until the link ends, and what is left when it is closed.
func (s *streamLink) write() {
	beats := time.AfterFunc(heartbeatEvery, func() {
		s.mu.Lock()
		s.beat = true
		s.moved.Broadcast()
		s.mu.Unlock()
	})
	defer beats.Stop()
	buffer := preamble()
	for {
		if _, err := s.stream.Write(buffer); err != nil {
			// What has arrived, or says why, is read first.
			time.AfterFunc(farewell, func() { s.end(ended(err)) })
			return
		}
		var beat bool
		if buffer, beat = s.fill(buffer[:0]); len(buffer) == 0 {
			s.end(ErrClosed)
			return
		}
		if beat {
			beats.Reset(heartbeatEvery)
		}
	}
}

// fill waits for something to write and appends it: what is not a message
// first, then messages as far as the credit goes. It appends nothing when
// there will be nothing more. It tells whether there is a heartbeat in it.
func (s *streamLink) fill(buffer []byte) (_ []byte, beat bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if s.ended != nil {
			return nil, false
		}
		if s.grant >= grantStep {
			buffer = appendFrame(buffer, credit, binary.LittleEndian.AppendUint32(nil, uint32(s.grant)))
			s.allowance += s.grant
			s.grant = 0
		}
		if beat = s.beat; beat {
			buffer = appendFrame(buffer, heartbeat, nil)
			s.beat = false
		}
		for len(buffer) < maxFrame && s.mayPay() {
			buffer = s.appendPiece(buffer)
		}
		if len(buffer) > 0 || s.closing {
			return buffer, beat
		}
		s.moved.Wait()
	}
}

// mayPay tells whether there is a piece to send and credit for it. The caller
// holds mu.
func (s *streamLink) mayPay() bool {
	return len(s.outgoing) > 0 && cost(firstPiece(s.outgoing[0])) <= s.credit
}

// appendPiece appends the next piece. The caller holds mu.
func (s *streamLink) appendPiece(buffer []byte) []byte {
	message := s.outgoing[0]
	body := firstPiece(message)
	s.credit -= cost(body)
	if len(body) < len(message) {
		s.outgoing[0] = message[len(body):]
		s.queued -= len(body)
		buffer = appendFrame(buffer, part, body)
	} else {
		s.outgoing[0] = nil
		s.outgoing = s.outgoing[1:]
		s.queued -= len(body) + pieceCost
		buffer = appendFrame(buffer, last, body)
	}
	if len(s.outgoing) > 0 {
		s.stall.Reset(stallAfter)
	} else {
		s.stall.Stop()
	}
	s.moved.Broadcast()
	return buffer
}

func firstPiece(message []byte) []byte { return message[:min(len(message), maxPiece)] }
