package demo

import (
	_ "embed"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/transport/v4"
	"github.com/pion/webrtc/v4"
	"github.com/rs/zerolog"

	"nearend/internal/measure"
)

//go:embed greeting.wav
var greetingWAV []byte

// Greeting is the recording that the far end greets with: 48 kHz.
func Greeting() measure.Recording {
	r, err := measure.DecodeWAV(greetingWAV)
	if err != nil {
		panic("demo: the embedded greeting is damaged: " + err.Error())
	}
	return r
}

// FarEndOptions say how the far end behaves.
type FarEndOptions struct {
	// Codec is "opus", "PCMU" or "PCMA"; empty means "opus". The far end
	// speaks no other.
	Codec string
	// Greeting is said first, at 48 kHz. Nil means Greeting().
	Greeting *measure.Recording
	// EchoDelay is how much later packets that arrive are sent back once the
	// greeting is over. Zero means one second, a negative value never.
	EchoDelay time.Duration
	// Loss is the part of packets, from 0 to 1, that the greeting is coded for:
	// above 0, Opus packets carry their predecessor again.
	Loss float64
	// Record bounds what Call.Heard keeps of each call. Zero keeps nothing.
	Record time.Duration
	// Net opens the far end's sockets; nil means the network of this process.
	Net transport.Net
}

// farEnd is the party at FarEndNumber. It takes any number of calls.
type farEnd struct {
	options  FarEndOptions
	codec    codecChoice
	greeting [][]byte
	api      *webrtc.API
	exchange *exchange
	logger   zerolog.Logger
	// answered holds calls that nobody has asked for; the oldest make room.
	answered chan *Call

	mu     sync.Mutex
	calls  map[string]*Call
	closed bool
	wg     sync.WaitGroup
}

func newFarEnd(options FarEndOptions, x *exchange, logger zerolog.Logger) (*farEnd, error) {
	if options.EchoDelay == 0 {
		options.EchoDelay = time.Second
	}
	if options.Greeting == nil {
		greeting := Greeting()
		options.Greeting = &greeting
	}
	choice, err := chooseCodec(options.Codec)
	if err != nil {
		return nil, err
	}
	f := &farEnd{
		options: options, codec: choice, exchange: x, logger: logger,
		answered: make(chan *Call, 8), calls: map[string]*Call{},
	}
	if f.greeting, err = choice.encode(*options.Greeting, options.Loss); err != nil {
		return nil, err
	}
	media := &webrtc.MediaEngine{}
	if err := choice.register(media); err != nil {
		return nil, err
	}
	registry := &interceptor.Registry{}
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		return nil, err
	}
	// So that senders can find out what the network carries.
	if err := webrtc.ConfigureTWCCSender(media, registry); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true) // a machine without a network can still demonstrate
	settings.SetNet(options.Net)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	f.api = webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	return f, nil
}

// deliver implements party: a first offer starts a call, everything else goes
// to the call of that number.
func (f *farEnd) deliver(m message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	call := f.calls[m.From]
	if call == nil {
		if m.Type != "offer" || f.closed {
			return
		}
		call = newCall(f, m.From)
		f.calls[m.From] = call
		f.wg.Go(func() {
			call.run()
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.calls[m.From] == call {
				delete(f.calls, m.From)
			}
		})
		f.announce(call)
	}
	if m.Type == "bye" {
		delete(f.calls, m.From)
	}
	call.deliver(m)
}

func (f *farEnd) announce(call *Call) {
	for {
		select {
		case f.answered <- call:
			return
		default:
		}
		select {
		case <-f.answered:
		default:
		}
	}
}

func (f *farEnd) close() {
	f.mu.Lock()
	f.closed = true
	for _, call := range f.calls {
		call.HangUp()
	}
	f.mu.Unlock()
	f.wg.Wait()
}
