package impair

import (
	"errors"
	"math"
	"testing"
	"time"
)

const (
	spacing = 20 * time.Millisecond
	size    = 100
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type delivery struct {
	number int
	delay  time.Duration
}

// run sends packets of size bytes every spacing and returns the deliveries in
// order. before may change the conditions.
func run(p *Path, packets int, before func(i int)) []delivery {
	var out []delivery
	take := func(now time.Time) {
		for {
			at, _ := p.Next()
			packet, ok := p.Take(now)
			if !ok {
				return
			}
			number := int(packet[0]) | int(packet[1])<<8 | int(packet[2])<<16
			out = append(out, delivery{number, at.Sub(begin.Add(time.Duration(number) * spacing))})
		}
	}
	for i := range packets {
		now := begin.Add(time.Duration(i) * spacing)
		take(now)
		if before != nil {
			before(i)
		}
		packet := make([]byte, size)
		packet[0], packet[1], packet[2] = byte(i), byte(i>>8), byte(i>>16)
		p.Put(now, packet)
	}
	take(begin.Add(time.Hour * 24))
	return out
}

func with(seed uint64, c Conditions) *Path {
	p := NewPath(seed)
	p.Set(begin, c)
	return p
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %.4f, want %.4f ± %.4f", what, got, want, tolerance)
	}
}

func TestNoImpairmentPassesAtOnceInOrder(t *testing.T) {
	for i, d := range run(NewPath(1), 1000, nil) {
		if d != (delivery{i, 0}) {
			t.Fatalf("delivery %d is %+v", i, d)
		}
	}
}

func TestLossIsOfTheRateAndIndependent(t *testing.T) {
	const packets = 100000
	for _, loss := range []float64{0, 0.01, 0.05, 0.2, 1} {
		p := with(7, Conditions{Loss: loss})
		got := run(p, packets, nil)
		// Four standard deviations of the binomial distribution.
		near(t, "share lost", 1-float64(len(got))/packets, loss, 4*math.Sqrt(loss*(1-loss)/packets))
		if c := p.Counters(); c.Sent != packets || c.Lost+c.Delivered != packets || c.Delivered != uint64(len(got)) {
			t.Errorf("counters %+v do not add up", c)
		}
		if loss == 0.2 {
			near(t, "run of losses", meanRun(got), 1/(1-loss), 0.03)
		}
	}
}

func TestBurstsHaveTheMeanLength(t *testing.T) {
	const packets = 200000
	got := run(with(3, Conditions{Loss: 0.06, Burst: 3}), packets, nil)
	near(t, "share lost", 1-float64(len(got))/packets, 0.06, 0.005)
	near(t, "run of losses", meanRun(got), 3, 0.15)
}

// meanRun is the mean number of packets that are missing in a row.
func meanRun(got []delivery) float64 {
	var missing, runs int
	for i := 1; i < len(got); i++ {
		if gap := got[i].number - got[i-1].number - 1; gap > 0 {
			missing += gap
			runs++
		}
	}
	return float64(missing) / float64(runs)
}

func TestJitterVariesTheDelayAndKeepsTheOrder(t *testing.T) {
	got := run(with(5, Conditions{Delay: 50 * time.Millisecond, Jitter: 5 * time.Millisecond}), 50000, nil)
	var sum, squares float64
	for i, d := range got {
		if d.number != i {
			t.Fatalf("packet %d came at place %d", d.number, i)
		}
		ms := d.delay.Seconds() * 1000
		sum += ms
		squares += ms * ms
	}
	mean := sum / float64(len(got))
	near(t, "mean delay", mean, 50, 0.1)
	near(t, "standard deviation", math.Sqrt(squares/float64(len(got))-mean*mean), 5, 0.1)
}

func TestJitterBeyondTheDelayNeverSendsIntoThePast(t *testing.T) {
	got := run(with(5, Conditions{Delay: 20 * time.Millisecond, Jitter: 60 * time.Millisecond}), 10000, nil)
	for i, d := range got {
		if d.delay < 0 || d.number != i {
			t.Fatalf("place %d: %+v", i, d)
		}
	}
}

func TestReorderHoldsBackOnlyTheChosen(t *testing.T) {
	const packets = 50000
	got := run(with(9, Conditions{Delay: 10 * time.Millisecond, Reorder: 0.1, ReorderBy: 50 * time.Millisecond}), packets, nil)
	var late, overtaken int
	highest := -1
	for _, d := range got {
		switch d.delay {
		case 60 * time.Millisecond:
			late++
		case 10 * time.Millisecond:
		default:
			t.Fatalf("delay %v", d.delay)
		}
		if d.number < highest {
			overtaken++
		}
		highest = max(highest, d.number)
	}
	if len(got) != packets {
		t.Errorf("%d of %d delivered", len(got), packets)
	}
	near(t, "share held back", float64(late)/packets, 0.1, 0.006)
	// All but those whose next two are held back too.
	near(t, "share overtaken", float64(overtaken)/packets, 0.1*(1-0.1*0.1), 0.007)
}

func TestStepsAlternate(t *testing.T) {
	got := run(with(1, Conditions{Delay: 30 * time.Millisecond, Step: 200 * time.Millisecond, StepEvery: time.Second}), 200, nil)
	for _, d := range got {
		want := 30 * time.Millisecond
		switch at := d.number % 100; {
		case at >= 50:
			want = 230 * time.Millisecond
		// What was sent after the step comes down still waits for what was sent before.
		case d.number >= 100 && at < 10:
			want = max(want, 230*time.Millisecond-time.Duration(at+1)*spacing)
		}
		if d.delay != want {
			t.Errorf("packet %d: delay %v, want %v", d.number, d.delay, want)
		}
	}
}

func TestRateQueuesThenDrops(t *testing.T) {
	// 100 bytes every 20 ms are 40 kbit/s: twice what passes.
	p := with(1, Conditions{Rate: 20000, Queue: 300 * time.Millisecond})
	got := run(p, 1000, nil)
	near(t, "share delivered", float64(len(got))/1000, 0.5, 0.01)
	for i, d := range got {
		if d.delay > 340*time.Millisecond {
			t.Fatalf("delay %v is more than the queue and the packet itself", d.delay)
		}
		if i > 0 {
			apart := got[i].delay - got[i-1].delay + time.Duration(got[i].number-got[i-1].number)*spacing
			if apart != 40*time.Millisecond {
				t.Fatalf("packets arrive %v apart, want 40ms", apart)
			}
		}
	}
	if c := p.Counters(); c.Overflowed+c.Delivered != 1000 || c.Lost != 0 {
		t.Errorf("counters %+v", c)
	}
}

func TestConditionsChangeDuringACall(t *testing.T) {
	p := NewPath(1)
	got := run(p, 300, func(i int) {
		now := begin.Add(time.Duration(i) * spacing)
		switch i {
		case 100:
			p.Set(now, Conditions{Delay: 40 * time.Millisecond})
		case 200:
			p.Set(now, Conditions{Loss: 1})
		}
	})
	if len(got) != 200 {
		t.Fatalf("%d delivered, want 200", len(got))
	}
	for i, d := range got {
		if want := time.Duration(i/100) * 40 * time.Millisecond; d.delay != want || d.number != i {
			t.Errorf("place %d: %+v, want delay %v", i, d, want)
		}
	}
}

func TestSameSeedSameLosses(t *testing.T) {
	lossy := Conditions{Loss: 0.1}
	first := run(with(42, lossy), 5000, nil)
	again := run(with(42, lossy), 5000, nil)
	other := run(with(43, lossy), 5000, nil)
	lossy.Delay, lossy.Jitter = 100*time.Millisecond, 10*time.Millisecond
	jittery := run(with(42, lossy), 5000, nil)
	same := func(a, b []delivery) bool {
		if len(a) != len(b) {
			return false
		}
		for i := range a {
			if a[i].number != b[i].number {
				return false
			}
		}
		return true
	}
	if !same(first, again) {
		t.Error("the same seed lost other packets")
	}
	if !same(first, jittery) {
		t.Error("jitter changed which packets are lost")
	}
	if same(first, other) {
		t.Error("another seed lost the same packets")
	}
}

func TestPathIsBounded(t *testing.T) {
	p := with(1, Conditions{Delay: time.Hour})
	for range maxUnderWay + 5 {
		p.Put(begin, []byte{1})
	}
	if c := p.Counters(); c.Overflowed != 5 {
		t.Errorf("counters %+v, want 5 overflowed", c)
	}
}

func TestCheckRefusesTheImpossible(t *testing.T) {
	for _, c := range []Conditions{
		{Loss: 1.1}, {Loss: -0.1}, {Reorder: 2}, {Burst: -1}, {Loss: 0.8, Burst: 3},
		{Delay: -1}, {Jitter: -1}, {Step: 1}, {Rate: -1}, {Queue: -1}, {Loss: math.NaN()},
	} {
		if err := c.Check(); !errors.Is(err, ErrConditions) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
	if err := (Conditions{Loss: 0.2, Burst: 3, Step: 1, StepEvery: 1, Rate: 40000}).Check(); err != nil {
		t.Error(err)
	}
}
