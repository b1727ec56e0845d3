package rig

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Worker attaches to the extension's service worker. Close detaches; while
// attached, the debugger keeps the worker alive.
func (b *Browser) Worker() (*Page, error) {
	var worker *Page
	err := Poll(b.ctx, 15*time.Second, func() error {
		infos, err := b.targets()
		if err != nil {
			return err
		}
		for _, info := range infos {
			if info.Type == "service_worker" && strings.HasPrefix(info.URL, "chrome-extension://"+ExtensionID+"/") {
				ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
				worker = &Page{ctx: ctx, close: cancel}
				return chromedp.Do(ctx)
			}
		}
		return errors.New("the extension's service worker does not run")
	})
	return worker, err
}

// OpenExtension opens a page of the extension in a tab.
func (b *Browser) OpenExtension(path string) (*Page, error) {
	return b.Open(fmt.Sprintf("chrome-extension://%s/%s", ExtensionID, path))
}
