package demo

import (
	"testing"
)

// parties in these tests keep what they are told.
type listener struct{ told []message }

func (l *listener) deliver(m message) { l.told = append(l.told, m) }

func TestExchangePassesMessages(t *testing.T) {
	x := newExchange()
	a, b := &listener{}, &listener{}
	from, to := x.join("", a), x.join("300", b)
	if from != "201" || to != "300" {
		t.Errorf("numbers %s and %s, want 201 and 300", from, to)
	}
	x.pass(from, message{Type: "offer", From: "forged", To: to, SDP: "v=0"})
	if len(b.told) != 1 || b.told[0].From != from || b.told[0].SDP != "v=0" {
		t.Errorf("got %+v, want the offer from %s", b.told, from)
	}
	x.leave(from, a)
	if len(b.told) != 2 || b.told[1].Type != "bye" || b.told[1].From != from {
		t.Errorf("got %+v, want bye from %s", b.told, from)
	}
}

func TestExchangeAnswersForNobody(t *testing.T) {
	x := newExchange()
	a := &listener{}
	number := x.join("", a)
	x.pass(number, message{Type: "offer", To: "999"})
	x.pass(number, message{Type: "candidate", To: "999"})
	if len(a.told) != 1 || a.told[0].Type != "bye" || a.told[0].From != "999" {
		t.Errorf("got %+v, want one bye from 999", a.told)
	}
}

func TestReloadedPageTakesItsNumberOver(t *testing.T) {
	x := newExchange()
	before, after, other := &listener{}, &listener{}, &listener{}
	x.join("200", before)
	x.join("300", other)
	x.pass("200", message{Type: "offer", To: "300"})
	x.join("200", after)
	if len(other.told) != 2 || other.told[1].Type != "bye" {
		t.Errorf("got %+v, want the call ended", other.told)
	}
	x.leave("200", before) // the old line ends late
	x.pass("300", message{Type: "offer", To: "200"})
	if len(after.told) != 1 {
		t.Errorf("got %+v, want one offer", after.told)
	}
}
