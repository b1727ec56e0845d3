package demo

import (
	"fmt"
	"sync"
)

// party has a number. deliver must not block.
type party interface{ deliver(message) }

// exchange passes messages between parties. It is safe for concurrent use.
type exchange struct {
	mu      sync.Mutex
	parties map[string]party
	// met lists, for each number, the others that it has exchanged messages
	// with, so that they hear when it goes.
	met  map[string]map[string]bool
	next int
}

func newExchange() *exchange {
	return &exchange{parties: map[string]party{}, met: map[string]map[string]bool{}, next: 201}
}

// join gives the party the number that it wishes, or the next one free. A
// later party takes the number over, as a reloaded page does, and ends the
// earlier one's calls.
func (e *exchange) join(wish string, p party) string {
	if wish != "" {
		e.mu.Lock()
		earlier := e.parties[wish]
		e.mu.Unlock()
		if earlier != nil {
			e.leave(wish, earlier)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for wish == "" {
		if number := fmt.Sprint(e.next); e.parties[number] == nil {
			wish = number
		}
		e.next++
	}
	e.parties[wish] = p
	return wish
}

// leave removes the party unless another has taken its number, and ends its
// calls.
func (e *exchange) leave(number string, p party) {
	e.mu.Lock()
	if e.parties[number] != p {
		e.mu.Unlock()
		return
	}
	delete(e.parties, number)
	var others []party
	for other := range e.met[number] {
		if o := e.parties[other]; o != nil {
			others = append(others, o)
		}
		delete(e.met[other], number)
	}
	delete(e.met, number)
	e.mu.Unlock()
	for _, o := range others {
		o.deliver(message{Type: "bye", From: number, Reason: "The other side went away."})
	}
}

// pass sends a message on, or answers bye when nobody has the number.
func (e *exchange) pass(from string, m message) {
	m.From = from
	e.mu.Lock()
	to, sender := e.parties[m.To], e.parties[from]
	if to != nil {
		e.meet(from, m.To)
		e.meet(m.To, from)
	}
	e.mu.Unlock()
	switch {
	case to != nil:
		to.deliver(m)
	case sender != nil && m.Type == "offer":
		sender.deliver(message{Type: "bye", From: m.To, Reason: "Nobody has this number."})
	}
}

func (e *exchange) meet(a, b string) {
	if e.met[a] == nil {
		e.met[a] = map[string]bool{}
	}
	e.met[a][b] = true
}
