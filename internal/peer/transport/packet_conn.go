package transport

import (
	"net"
	"time"

	"github.com/pion/transport/v4/packetio"
)

// packetConn is the net.PacketConn under DTLS. Packets that arrive wait in a
// bounded buffer; when it is full the newest is dropped, as a network may.
type packetConn struct {
	buffer *packetio.Buffer
	send   func([]byte)
}

// maxBuffered bounds the bytes that wait in one direction.
const maxBuffered = 1 << 20

func newPacketConn(send func([]byte)) *packetConn {
	buffer := packetio.NewBuffer()
	buffer.SetLimitSize(maxBuffered)
	return &packetConn{buffer, send}
}

func (c *packetConn) deliver(packet []byte) { _, _ = c.buffer.Write(packet) }

func (c *packetConn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.buffer.Read(p)
	return n, pathAddr{}, err
}

func (c *packetConn) WriteTo(p []byte, _ net.Addr) (int, error) {
	c.send(p)
	return len(p), nil
}

func (c *packetConn) Close() error                       { return c.buffer.Close() }
func (c *packetConn) LocalAddr() net.Addr                { return pathAddr{} }
func (c *packetConn) SetDeadline(at time.Time) error     { return c.buffer.SetReadDeadline(at) }
func (c *packetConn) SetReadDeadline(at time.Time) error { return c.buffer.SetReadDeadline(at) }
func (c *packetConn) SetWriteDeadline(time.Time) error   { return nil }

// pathAddr stands for both ends of the ICE path, whose real addresses change.
type pathAddr struct{}

func (pathAddr) Network() string { return "ice" }
func (pathAddr) String() string  { return "ice" }

// dataConn is the net.Conn under SCTP. Reads come from a bounded buffer that
// the association fills.
type dataConn struct {
	*packetConn
	write func([]byte) (int, error)
}

func (c *dataConn) Read(p []byte) (int, error)  { return c.buffer.Read(p) }
func (c *dataConn) Write(p []byte) (int, error) { return c.write(p) }
func (c *dataConn) RemoteAddr() net.Addr        { return pathAddr{} }
