package impair

import (
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// openTUN makes a device in the namespace of the calling thread, gives it an
// address in a network of four, and switches it on. The device goes with its
// file.
func openTUN(name string, address netip.Addr) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err == nil {
		err = configure(name, address)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("network device %s: %w", name, err)
	}
	// Only now: the poller takes no device that is not attached.
	return os.NewFile(uintptr(fd), name), nil
}

// configure sets address and mask and switches the device on (netdevice(7)).
func configure(name string, address netip.Addr) error {
	for _, setting := range []struct {
		request uint
		address netip.Addr
	}{
		{unix.SIOCSIFADDR, address},
		{unix.SIOCSIFNETMASK, netip.AddrFrom4([4]byte{255, 255, 255, 252})},
	} {
		request, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		if err := request.SetInet4Addr(setting.address.AsSlice()); err != nil {
			return err
		}
		if err := control(setting.request, request); err != nil {
			return err
		}
	}
	return switchOn(name)
}

func switchOn(name string) error {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return control(unix.SIOCSIFFLAGS, request)
}

func control(number uint, request *unix.Ifreq) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	return unix.IoctlIfreq(socket, number, request)
}
