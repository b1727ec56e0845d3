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
	return &Internals{page}, page.Wait(`document.querySelector('.tab-head') && document.readyState === 'complete'`, 10*time.Second)
}

// PeerConnections counts the native peer connections of all pages, the closed
// ones included.
func (i *Internals) PeerConnections() (int, error) {
	return Eval[int](i.page, `document.querySelectorAll('.peer-connection-dump-root, [id$="-dump"]').length`)
}

// Page is the tab itself.
func (i *Internals) Page() *Page { return i.page }

// Close closes the page.
func (i *Internals) Close() { i.page.Close() }
