// Package impair is a bad network for measurements: it joins this process's
// network namespace with a fresh one over a path that delays, loses, reorders
// and throttles packets, with conditions that may change at any time.
//
// Path is the pure core: packets and times go in, packets come out when they
// are due. The same seed gives the same losses for the same packets. Network is
// the shell, two TUN devices with a Path for each direction; it runs on Linux
// and needs root.
//
//	network, err := impair.Open(1)
//	defer network.Close()
//	network.Set(impair.Conditions{Delay: 40 * time.Millisecond, Loss: 0.05})
//	err = network.Far(func() error { conn, err = net.ListenUDP("udp4", at); return err })
package impair
