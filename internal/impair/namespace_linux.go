package impair

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// namespace is a fresh network namespace. It lasts as long as its thread and
// the sockets and devices that were opened in it.
type namespace struct {
	jobs chan func()
	done chan struct{}
}

func newNamespace() (*namespace, error) {
	n := &namespace{jobs: make(chan func()), done: make(chan struct{})}
	entered := make(chan error)
	go n.run(entered)
	return n, <-entered
}

func (n *namespace) run(entered chan<- error) {
	defer close(n.done)
	// Never unlocked: the thread must not serve other goroutines any more and
	// ends with this one.
	runtime.LockOSThread()
	err := syscall.Unshare(unix.CLONE_NEWNET)
	entered <- err
	if err != nil {
		return
	}
	for job := range n.jobs {
		job()
	}
}

// do runs f inside the namespace and waits for it.
func (n *namespace) do(f func() error) error {
	result := make(chan error)
	n.jobs <- func() { result <- f() }
	return <-result
}

// close waits until the thread takes no more jobs. No do may be under way.
func (n *namespace) close() {
	close(n.jobs)
	<-n.done
}
