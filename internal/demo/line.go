package demo

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// line is a page's WebSocket. A page that does not read loses its line when
// the queue is full.
type line struct {
	queue chan message
	drop  context.CancelFunc
}

func (l *line) deliver(m message) {
	select {
	case l.queue <- m:
	default:
		l.drop()
	}
}

func (s *Server) signalling(w http.ResponseWriter, r *http.Request) {
	s.lines.Add(1)
	defer s.lines.Done()
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		s.logger.Warn().Err(err).Msg("a page could not open its line")
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(256 << 10)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	l := &line{queue: make(chan message, 256), drop: cancel}
	wish := r.URL.Query().Get("number")
	if wish == FarEndNumber {
		wish = ""
	}
	number := s.exchange.join(wish, l)
	defer s.exchange.leave(number, l)
	s.logger.Info().Str("number", number).Msg("page joined")
	l.deliver(message{Type: "registered", To: number})

	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	reading.Go(func() {
		defer cancel()
		for {
			var m message
			if wsjson.Read(ctx, conn, &m) != nil {
				return
			}
			s.exchange.pass(number, m)
		}
	})
	for {
		select {
		case m := <-l.queue:
			if wsjson.Write(ctx, conn, m) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
