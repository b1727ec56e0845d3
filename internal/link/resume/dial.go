package resume

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"nearend/internal/link"
)

const (
	// answerWithin is how long a stream may take to be made and answered on.
	answerWithin = 10 * time.Second
	// Between attempts to resume there are pauses that double.
	shortestPause = 50 * time.Millisecond
	longestPause  = 2 * time.Second
)

// ErrGone means that the endpoint, and all that it had in use, has ended.
var ErrGone = errors.New("the endpoint is not running")

// Dialer makes streams to an endpoint. An error that is ErrGone ends the
// session at once; after any other it is tried again.
type Dialer func(context.Context) (io.ReadWriteCloser, error)

// Dial opens a session with an endpoint and returns its link. Whenever the
// stream ends, it dials again, until the link is closed, the endpoint refuses,
// or as long as it has said that it keeps the session. changed, if not nil, is
// told: why the stream has ended, and nil when the session was resumed.
func Dial(ctx context.Context, dial Dialer, changed func(error)) (link.Link, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	way, k, body, err := ask(ctx, dial, compose(open))
	if err != nil {
		return nil, err
	}
	if k != opened {
		way.Close()
		return nil, fmt.Errorf("%w: %w: kind %d for open", link.ErrLost, link.ErrMalformed, k)
	}
	t, grace := parseTicket(body)
	d := &dialled{
		session: newSession(t, time.Duration(min(grace, maxGrace))*time.Millisecond),
		dial:    dial,
		changed: changed,
	}
	if _, err := d.attach(way, 0); err != nil {
		return nil, err
	}
	d.running.Go(func() { d.run(way) })
	return d, nil
}

// maxGrace is the longest grace that is believed, in milliseconds.
const maxGrace = 24 * 60 * 60 * 1000

// dialled is the native messaging host's side of a session.
type dialled struct {
	*session
	dial    Dialer
	changed func(error)
	running sync.WaitGroup
}

// Close also ends attempts to resume.
func (d *dialled) Close() error {
	err := d.session.Close()
	d.running.Wait()
	return err
}

// run carries the session, and resumes it until it is over.
func (d *dialled) run(way link.Link) {
	for {
		err := d.carry(way, nil)
		if d.over.Err() != nil {
			return
		}
		d.tell(err)
		if way = d.resume(); way == nil {
			return
		}
		d.tell(nil)
	}
}

func (d *dialled) tell(err error) {
	if d.changed != nil {
		d.changed(err)
	}
}

// resume tries until a new way is attached or the session is over.
func (d *dialled) resume() link.Link {
	for pause := shortestPause; ; pause = min(2*pause, longestPause) {
		way, err := d.attempt()
		if err == nil {
			return way
		}
		if isFinal(err) {
			if !errors.Is(err, link.ErrLost) {
				err = fmt.Errorf("%w: %w", link.ErrLost, err)
			}
			d.end(err)
			return nil
		}
		select {
		case <-time.After(pause):
		case <-d.over.Done():
			return nil
		}
	}
}

// attempt makes one stream and resumes the session on it.
func (d *dialled) attempt() (link.Link, error) {
	ctx, cancel := context.WithTimeout(d.over, answerWithin)
	defer cancel()
	// Nothing is received while no way is attached, so the number holds.
	d.mu.Lock()
	received := d.received
	d.mu.Unlock()
	way, k, body, err := ask(ctx, d.dial, resumeMessage(d.ticket, received))
	if err != nil {
		return nil, err
	}
	if k != resumed {
		err = fmt.Errorf("%w: kind %d for resume", link.ErrMalformed, k)
	} else {
		_, err = d.attach(way, binary.BigEndian.Uint64(body))
	}
	if err != nil {
		way.Close()
		return nil, err
	}
	return way, nil
}

// ask makes a stream, sends a first message and returns the answer.
func ask(ctx context.Context, dial Dialer, message []byte) (link.Link, kind, []byte, error) {
	stream, err := dial(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	way := link.NewStream(stream)
	stop := context.AfterFunc(ctx, func() { way.Close() })
	answer, err := exchange(way, message)
	if !stop() && ctx.Err() != nil {
		err = fmt.Errorf("%w: no answer: %w", link.ErrLost, context.Cause(ctx))
	}
	var k kind
	var body []byte
	if err == nil {
		k, body, err = parse(answer)
	}
	if err == nil && k == refused {
		err = reason(body[0]).err()
	}
	if err != nil {
		way.Close()
		return nil, 0, nil, err
	}
	return way, k, body, nil
}

func exchange(way link.Link, message []byte) ([]byte, error) {
	if err := way.Send(message); err != nil {
		return nil, err
	}
	return way.Receive()
}
