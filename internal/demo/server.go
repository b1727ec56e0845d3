package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// FarEndNumber is the number at which the far end answers.
const FarEndNumber = "100"

//go:embed page
var page embed.FS

// Options say how the site behaves.
type Options struct {
	// Listen is the TCP address to serve on; empty means 127.0.0.1 and any
	// free port. Browsers give a microphone only to localhost or HTTPS.
	Listen string
	// FarEnd says how the far end behaves.
	FarEnd FarEndOptions
	Logger zerolog.Logger
}

// Server is the site. Create it with New, then Run it.
type Server struct {
	listener net.Listener
	exchange *exchange
	farEnd   *farEnd
	logger   zerolog.Logger
	lines    sync.WaitGroup
}

// New opens the listening socket, so that URL is known before Run.
func New(options Options) (*Server, error) {
	if options.Listen == "" {
		options.Listen = "127.0.0.1:0"
	}
	s := &Server{exchange: newExchange(), logger: options.Logger}
	farEnd, err := newFarEnd(options.FarEnd, s.exchange, options.Logger)
	if err != nil {
		return nil, fmt.Errorf("far end: %w", err)
	}
	s.farEnd = farEnd
	s.exchange.join(FarEndNumber, farEnd)
	s.listener, err = net.Listen("tcp", options.Listen)
	return s, err
}

// URL is the address of the page.
func (s *Server) URL() string {
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	return "http://localhost:" + port + "/"
}

// Run serves until ctx is done and every call has ended.
func (s *Server) Run(ctx context.Context) error {
	files, err := fs.Sub(page, "page")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /signalling", s.signalling)
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = server.Close()
	})
	err = server.Serve(s.listener)
	if !stop() {
		<-stopped
	}
	s.lines.Wait()
	s.farEnd.close()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// NextCall waits for the next call that the far end answers.
func (s *Server) NextCall(ctx context.Context) (*Call, error) {
	select {
	case call := <-s.farEnd.answered:
		return call, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("no call arrived at the far end: %w", context.Cause(ctx))
	}
}
