package rig

import "time"

// Internals is the browser's own chrome://webrtc-internals, which lists every
// native peer connection made while it is open.
type Internals struct{ page *Page }

// OpenInternals opens the page. Open it before what is to be counted.
func (b *Browser) OpenInternals() (*Internals, error) {
	page, err := b.Open("chrome://webrtc-internals")
	if err != nil {
		return nil, err
	}
	if err := page.Wait(`typeof peerConnectionDataStore === 'object' && document.getElementById('content-root')`, 10*time.Second); err != nil {
		return nil, err
	}
	// Closed connections leave the page; what it knew of them is kept aside.
	_, err = Eval[any](page, `(() => {
		const seen = globalThis.seenPeerConnections = new Map();
		setInterval(() => {
			for (const [id, { record_ }] of Object.entries(peerConnectionDataStore)) {
				let bytes = 0;
				for (const [name, { statsType, values }] of Object.entries(JSON.parse(JSON.stringify(record_.stats)))) {
					if (statsType === 'transport' && /-bytes(Sent|Received)$/.test(name)) bytes += JSON.parse(values).at(-1) ?? 0;
				}
				seen.set(id, Math.max(bytes, seen.get(id) ?? 0));
			}
		}, 500);
	})()`)
	return &Internals{page}, err
}

// PeerConnections counts the native peer connections of all pages so far. The
// browser tells the page of a new one within a second.
func (i *Internals) PeerConnections() (int, error) {
	return Eval[int](i.page, `seenPeerConnections.size`)
}

// MediaBytes adds up what the browser's peer connections have sent and
// received over their transports, as it counts itself once a second.
func (i *Internals) MediaBytes() (uint64, error) {
	return Eval[uint64](i.page, `[...seenPeerConnections.values()].reduce((sum, bytes) => sum + bytes, 0)`)
}

// Close closes the page.
func (i *Internals) Close() { i.page.Close() }
