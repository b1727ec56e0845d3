package link

import "testing"

func BenchmarkRoundTrip(b *testing.B) {
	for name, pair := range kinds {
		b.Run(name, func(b *testing.B) {
			near, far := pair()
			defer near.Close()
			defer far.Close()
			go func() {
				for {
					message, err := far.Receive()
					if err != nil || far.Send(message) != nil {
						return
					}
				}
			}()
			for b.Loop() {
				// Of the size of a usual reply.
				if err := near.Send(make([]byte, 400)); err != nil {
					b.Fatal(err)
				}
				if _, err := near.Receive(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkThroughput(b *testing.B) {
	near, far := kinds["stream"]()
	defer near.Close()
	defer far.Close()
	go func() {
		for near.Send(make([]byte, 64<<10)) == nil {
		}
	}()
	b.SetBytes(64 << 10)
	for b.Loop() {
		if _, err := far.Receive(); err != nil {
			b.Fatal(err)
		}
	}
}
