package resume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"nearend/internal/link"
)

// errRoute is what a network says that is down.
var errRoute = errors.New("no route")

// fault is what happens to a stream at one write.
type fault int

const (
	// cutBefore ends the stream and loses the write, cutAfter does not, torn
	// loses half of it.
	cutBefore fault = iota + 1
	cutAfter
	torn
	// blackHole makes every write on the stream succeed and arrive nowhere,
	// deaf only those of this side.
	blackHole
	deaf
	// frozen makes writes of both sides block.
	frozen
	// halfCut ends the stream for this side alone.
	halfCut
	// duplicate resumes the session beside, as its owner would, and leaves;
	// stranger tries it with a wrong token.
	duplicate
	stranger
	lastFault = stranger
)

func (f fault) String() string {
	return [...]string{"none", "cutBefore", "cutAfter", "torn", "blackHole", "deaf", "frozen", "halfCut", "duplicate", "stranger"}[f]
}

// network makes streams to an acceptor and breaks them.
type network struct {
	acceptor *Acceptor
	accepted chan link.Link
	// running are the acceptor's streams and the attempts beside.
	running sync.WaitGroup

	mu sync.Mutex
	// down makes dialling fail.
	down error
	// writes counts the writes of both sides; faults are by that number.
	writes int
	faults map[int]fault
	// owner is whom the acceptor takes new streams for.
	owner string
	// session is the one that is tested, once there is one.
	session *session
}

func newNetwork(faults map[int]fault) *network {
	n := &network{accepted: make(chan link.Link, maxSessions), faults: faults}
	n.acceptor = NewAcceptor(DefaultGrace, func(way link.Link) {
		n.accepted <- way
		<-way.(*session).over.Done()
	})
	return n
}

// open dials a session and returns both sides of it.
func (n *network) open(t *testing.T) (near, far link.Link) {
	t.Helper()
	for {
		way, err := Dial(t.Context(), n.dial, nil)
		if err != nil {
			// The fault hit the first exchange.
			select {
			case <-n.accepted:
			default:
			}
			continue
		}
		n.mu.Lock()
		n.session = way.(*dialled).session
		n.mu.Unlock()
		for {
			if far = <-n.accepted; far.(*session).ticket == n.session.ticket {
				return way, far
			}
		}
	}
}

func (n *network) close() {
	n.acceptor.Close()
	n.running.Wait()
}

func (n *network) dial(context.Context) (io.ReadWriteCloser, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.down != nil {
		return nil, n.down
	}
	near, far := net.Pipe()
	pair := &wire{cut: make(chan struct{})}
	n.running.Go(func() { n.acceptor.Accept(&end{Conn: far, network: n, wire: pair, deaf: new(bool)}, n.owner) })
	return &end{Conn: near, network: n, wire: pair, deaf: new(bool)}, nil
}

func (n *network) setDown(down error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = down
}

// wire is what both ends of a stream share, guarded by the network.
type wire struct {
	hole, frozen bool
	// cut is closed when an end was closed.
	cut  chan struct{}
	once sync.Once
}

// end is one end of a stream.
type end struct {
	net.Conn
	network *network
	wire    *wire
	deaf    *bool
}

func (e *end) Close() error {
	e.wire.once.Do(func() { close(e.wire.cut) })
	return e.Conn.Close()
}

func (e *end) Write(p []byte) (int, error) {
	n := e.network
	n.mu.Lock()
	n.writes++
	f := n.faults[n.writes]
	switch f {
	case blackHole:
		e.wire.hole = true
	case frozen:
		e.wire.frozen = true
	case deaf, halfCut:
		*e.deaf = true
	}
	lost, stuck := e.wire.hole || *e.deaf, e.wire.frozen
	owner := n.session
	n.mu.Unlock()
	switch {
	case f == cutBefore:
		e.Close()
		return 0, io.ErrClosedPipe
	case f == torn:
		written, _ := e.Conn.Write(p[:len(p)/2])
		e.Close()
		return written, io.ErrClosedPipe
	case f == halfCut:
		e.Conn.SetReadDeadline(time.Unix(1, 0))
		return 0, io.ErrClosedPipe
	case f == duplicate && owner != nil:
		owner.mu.Lock()
		t, received := owner.ticket, owner.received
		owner.mu.Unlock()
		n.running.Go(func() { n.attempt(resumeMessage(t, received)) })
	case f == stranger && owner != nil:
		t := owner.ticket
		t.token[31]++
		n.running.Go(func() { n.attempt(resumeMessage(t, 0)) })
	}
	if stuck {
		<-e.wire.cut
		return 0, io.ErrClosedPipe
	}
	if lost {
		return len(p), nil
	}
	written, err := e.Conn.Write(p)
	if f == cutAfter {
		e.Close()
	}
	return written, err
}

// attempt says something on a stream of its own, hears one answer and leaves.
func (n *network) attempt(message []byte) (kind, error) {
	stream, err := n.dial(context.Background())
	if err != nil {
		return 0, err
	}
	way := link.NewStream(stream)
	defer way.Close()
	answer, err := exchange(way, message)
	if err != nil {
		return 0, err
	}
	k, _, err := parse(answer)
	return k, err
}

// message is number i of a conversation; some are large.
func message(i int) []byte {
	size := 10
	if i%5 == 3 {
		size = 20_000
	}
	return fmt.Appendf(nil, "%0*d", size, i)
}

// converse sends messages both ways at once and checks that each arrives once
// and in order.
func converse(t *testing.T, near, far link.Link, count int) {
	t.Helper()
	var all sync.WaitGroup
	for _, way := range []link.Link{near, far} {
		all.Go(func() {
			for i := range count {
				if err := way.Send(message(i)); err != nil {
					t.Errorf("message %d was not taken: %v", i, err)
					return
				}
				// Let the two directions mingle.
				time.Sleep(time.Millisecond)
			}
		})
		all.Go(func() {
			for i := range count {
				got, err := way.Receive()
				if err != nil {
					t.Errorf("message %d did not come: %v", i, err)
					return
				}
				if string(got) != string(message(i)) {
					t.Errorf("got %.20s, want %.20s", got, message(i))
					return
				}
			}
		})
	}
	all.Wait()
}
