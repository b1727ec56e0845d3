package main

import (
	"net"

	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"

	"nearend/internal/impair"
)

// farSide opens the sockets of a far end on the far side of an impaired
// network.
type farSide struct {
	*stdnet.Net
	network *impair.Network
}

func newFarSide(network *impair.Network) (*farSide, error) {
	f := &farSide{network: network}
	err := network.AtFar(func() (err error) {
		f.Net, err = stdnet.NewNet()
		return err
	})
	return f, err
}

// ListenPacket implements transport.Net.
func (f *farSide) ListenPacket(network, address string) (conn net.PacketConn, err error) {
	err = f.network.AtFar(func() error {
		conn, err = f.Net.ListenPacket(network, address)
		return err
	})
	return conn, err
}

// ListenUDP implements transport.Net.
func (f *farSide) ListenUDP(network string, at *net.UDPAddr) (conn transport.UDPConn, err error) {
	err = f.network.AtFar(func() error {
		conn, err = f.Net.ListenUDP(network, at)
		return err
	})
	return conn, err
}
