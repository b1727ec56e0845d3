package impair

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
)

// Network joins the namespace of the thread that opens it, the near side, with a
// fresh one, the far side. There is no other way between the two. Whatever runs
// on the near side sees the device and may use its address until Close. Methods
// are safe for concurrent use, but Close must be the last one.
type Network struct {
	// Near and Far are the addresses of the two sides.
	Near, Far netip.Addr

	far           *namespace
	devices       []*os.File
	toFar, toNear *direction
	stop          chan struct{}
	wg            sync.WaitGroup
}

// ErrNotAllowed says that this process may not make network namespaces.
var ErrNotAllowed = errors.New("impair: making network namespaces and TUN devices needs root: run it with sudo")

// Open makes a network without impairment. The seed decides its accidents.
func Open(seed uint64) (*Network, error) {
	n := &Network{toFar: newDirection(2 * seed), toNear: newDirection(2*seed + 1), stop: make(chan struct{})}
	if err := n.open(); err != nil {
		n.Close()
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
			return nil, fmt.Errorf("%w (%v)", ErrNotAllowed, err)
		}
		return nil, fmt.Errorf("impair: %w", err)
	}
	return n, nil
}

func (n *Network) open() error {
	block, name, err := vacant()
	if err != nil {
		return err
	}
	n.Near, n.Far = block.Next(), block.Next().Next()
	far, err := newNamespace()
	if err != nil {
		return err
	}
	n.far = far
	near, err := openTUN(name, n.Near)
	if err != nil {
		return err
	}
	n.devices = append(n.devices, near)
	var distant *os.File
	err = far.do(func() error {
		if err := switchOn("lo"); err != nil {
			return err
		}
		distant, err = openTUN(name, n.Far)
		return err
	})
	if err != nil {
		return err
	}
	n.devices = append(n.devices, distant)
	n.wg.Go(func() { n.toFar.read(near) })
	n.wg.Go(func() { n.toNear.read(distant) })
	n.wg.Go(func() { n.toFar.write(distant, n.stop) })
	n.wg.Go(func() { n.toNear.write(near, n.stop) })
	return nil
}

// Set changes the conditions of both directions at once.
func (n *Network) Set(c Conditions) error { return n.SetEach(c, c) }

// SetEach changes the conditions of each direction.
func (n *Network) SetEach(toFar, toNear Conditions) error {
	if err := errors.Join(toFar.Check(), toNear.Check()); err != nil {
		return err
	}
	n.toFar.set(toFar)
	n.toNear.set(toNear)
	return nil
}

// Counters returns what became of the packets of each direction.
func (n *Network) Counters() (toFar, toNear Counters) {
	return n.toFar.counters(), n.toNear.counters()
}

// AtFar runs f on a thread of the far side: sockets that f opens itself belong
// there for good. Goroutines that f starts run on the near side.
func (n *Network) AtFar(f func() error) error { return n.far.do(f) }

// Close removes both devices and the far side.
func (n *Network) Close() {
	close(n.stop)
	for _, device := range n.devices {
		_ = device.Close()
	}
	n.wg.Wait()
	if n.far != nil {
		n.far.close()
	}
}

// vacant finds a network of four addresses that no device of this namespace
// uses, in the range for benchmarks (RFC 2544, section C.2.2), and a name.
func vacant() (netip.Addr, string, error) {
	taken := map[netip.Addr]bool{}
	names := map[string]bool{}
	interfaces, err := net.Interfaces()
	if err != nil {
		return netip.Addr{}, "", err
	}
	for _, i := range interfaces {
		names[i.Name] = true
		addresses, err := i.Addrs()
		if err != nil {
			continue // gone meanwhile
		}
		for _, a := range addresses {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				taken[netip.PrefixFrom(prefix.Addr(), 30).Masked().Addr()] = true
			}
		}
	}
	for i := range 64 {
		block, name := netip.AddrFrom4([4]byte{198, 18, 0, byte(4 * i)}), fmt.Sprintf("impair%d", i)
		if !taken[block] && !names[name] {
			return block, name, nil
		}
	}
	return netip.Addr{}, "", errors.New("all addresses for impaired networks are in use")
}
