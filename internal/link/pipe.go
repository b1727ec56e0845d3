package link

import (
	"fmt"
	"sync"
	"time"
)

// pipeDepth is how many messages wait in each direction before Send blocks.
const pipeDepth = 256

// Pipe returns the two sides of a link within one process. At most 256
// messages wait in each direction; then Send blocks.
func Pipe() (Link, Link) {
	up, down := make(chan []byte, pipeDepth), make(chan []byte, pipeDepth)
	near, far := make(chan struct{}), make(chan struct{})
	return &pipeSide{out: up, in: down, closed: near, gone: far},
		&pipeSide{out: down, in: up, closed: far, gone: near}
}

// pipeSide is one side of a Pipe.
type pipeSide struct {
	out    chan<- []byte
	in     <-chan []byte
	closed chan struct{}
	gone   <-chan struct{}
	once   sync.Once
}

func (p *pipeSide) Send(message []byte) error {
	if len(message) > MaxMessage {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(message))
	}
	// A closed side must not win against room in the queue by chance.
	select {
	case <-p.closed:
		return ErrClosed
	case <-p.gone:
		return ErrLost
	default:
	}
	select {
	case p.out <- message:
		return nil
	default:
	}
	stall := time.NewTimer(stallAfter)
	defer stall.Stop()
	select {
	case p.out <- message:
		return nil
	case <-p.closed:
		return ErrClosed
	case <-p.gone:
		return ErrLost
	case <-stall.C:
		p.Close()
		return fmt.Errorf("%w: %w", ErrLost, ErrStalled)
	}
}

func (p *pipeSide) Receive() ([]byte, error) {
	select {
	case <-p.closed:
		return nil, ErrClosed
	default:
	}
	select {
	case message := <-p.in:
		return message, nil
	case <-p.closed:
		return nil, ErrClosed
	case <-p.gone:
	}
	select {
	case message := <-p.in:
		return message, nil
	default:
		return nil, ErrLost
	}
}

func (p *pipeSide) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}
