package impair

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// echoAtFar answers UDP packets on the far side until the test ends and
// returns a socket of the near side that is connected to it.
func echoAtFar(t *testing.T, n *Network) *net.UDPConn {
	t.Helper()
	var echo *net.UDPConn
	err := n.AtFar(func() (err error) {
		echo, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(n.Far, 0)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		buffer := make([]byte, 1500)
		for {
			size, from, err := echo.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			_, _ = echo.WriteToUDPAddrPort(buffer[:size], from)
		}
	}()
	t.Cleanup(func() {
		echo.Close()
		<-served
	})
	conn, err := net.DialUDP("udp4", nil, echo.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// ping sends packets and returns how many came back within a second after the
// last and the shortest round trip.
func ping(t *testing.T, conn *net.UDPConn, first, packets int) (back int, shortest time.Duration) {
	t.Helper()
	sent := make(map[uint32]time.Time)
	for i := range packets {
		number := uint32(first + i)
		sent[number] = time.Now()
		if _, err := conn.Write(binary.BigEndian.AppendUint32(nil, number)); err != nil {
			t.Fatal(err)
		}
	}
	shortest = time.Hour
	buffer := make([]byte, 1500)
	for back < packets {
		if err := conn.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		size, err := conn.Read(buffer)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := sent[binary.BigEndian.Uint32(buffer[:size])]; ok {
			back++
			shortest = min(shortest, time.Since(at))
		}
	}
	return back, shortest
}

// apart moves the test's thread into a namespace of its own, where networks
// come and go without anybody beside noticing. It returns false when this
// process may not do that.
func apart(t *testing.T) bool {
	t.Helper()
	if os.Getuid() != 0 {
		if _, err := Open(1); !errors.Is(err, ErrNotAllowed) {
			t.Fatalf("without root: got %v, want ErrNotAllowed", err)
		}
		return false
	}
	runtime.LockOSThread() // never unlocked: the thread ends with the test
	if err := syscall.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	return true
}

func TestNetwork(t *testing.T) {
	if !apart(t) {
		return
	}
	network, err := Open(1)
	if err != nil {
		t.Fatal(err)
	}
	conn := echoAtFar(t, network)
	t.Cleanup(network.Close) // before the sockets: the last one first

	if back, _ := ping(t, conn, 0, 200); back != 200 {
		t.Errorf("%d of 200 packets came back without impairment", back)
	}

	if err := network.SetEach(Conditions{Delay: 70 * time.Millisecond}, Conditions{Delay: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if back, shortest := ping(t, conn, 1000, 50); back != 50 || shortest < 120*time.Millisecond {
		t.Errorf("%d of 50 came back, the first after %v; want all, and 120ms at least", back, shortest)
	}

	before, _ := network.Counters()
	if err := network.SetEach(Conditions{Loss: 1}, Conditions{}); err != nil {
		t.Fatal(err)
	}
	if back, _ := ping(t, conn, 2000, 20); back != 0 {
		t.Errorf("%d packets came back although all were lost", back)
	}
	if after, _ := network.Counters(); after.Lost-before.Lost < 20 {
		t.Errorf("%d counted as lost, want 20 at least", after.Lost-before.Lost)
	}

	if err := network.Set(Conditions{Loss: 2}); !errors.Is(err, ErrConditions) {
		t.Errorf("impossible conditions: got %v", err)
	}
}

func TestNetworksBesideEachOther(t *testing.T) {
	if !apart(t) {
		return
	}
	a, err := Open(1)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := Open(2)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if a.Far == b.Far {
		t.Errorf("both have %v", a.Far)
	}
	for _, n := range []*Network{a, b} {
		if back, _ := ping(t, echoAtFar(t, n), 0, 5); back != 5 {
			t.Errorf("%d of 5 came back over %v", back, n.Far)
		}
	}
}

// TestFarSideHasNoOtherWay: the far side sees its own device only.
func TestFarSideHasNoOtherWay(t *testing.T) {
	if !apart(t) {
		return
	}
	n, err := Open(1)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	err = n.AtFar(func() error {
		interfaces, err := net.Interfaces()
		for _, i := range interfaces {
			if i.Flags&net.FlagLoopback == 0 && i.Flags&net.FlagPointToPoint == 0 {
				t.Errorf("the far side has %s", i.Name)
			}
		}
		conn, dialErr := net.Dial("udp4", "192.0.2.1:9")
		if dialErr == nil {
			conn.Close()
			t.Error("the far side has a route to elsewhere")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
