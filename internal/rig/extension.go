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

// Components asks the extension, as its popup does, which components it
// reaches: versions by name, empty for one that it does not reach.
func (b *Browser) Components() (map[string]string, error) {
	page, err := b.OpenExtension("popup/popup.html")
	if err != nil {
		return nil, err
	}
	defer page.Close()
	return Eval[map[string]string](page, `new Promise((resolve) => {
		const port = chrome.runtime.connect({ name: 'panel' });
		port.onMessage.addListener(({ view }) => {
			if (view) resolve(Object.fromEntries(view.components.map(({ name, version }) => [name, version])));
		});
		port.postMessage({ ask: 'watch', tab: -1 });
	})`)
}

// SetSite switches the redirection of a page's site on or off, as its switch
// in the popup does, and waits until that is in force for pages opened from
// now on.
func (b *Browser) SetSite(address string, on bool) error {
	page, err := b.OpenExtension("popup/popup.html")
	if err != nil {
		return err
	}
	defer page.Close()
	_, err = Eval[any](page, fmt.Sprintf(
		`chrome.runtime.connect({ name: 'panel' }).postMessage({ ask: 'setSite', site: new URL(%q).origin, on: %t })`, address, on))
	if err != nil {
		return err
	}
	site := strings.TrimSuffix(address, "/")
	return Poll(page.ctx, 10*time.Second, func() error {
		registered, err := Eval[string](page, `chrome.scripting.getRegisteredContentScripts().then((all) => JSON.stringify(all.map((s) => s.matches)))`)
		if err != nil {
			return err
		}
		if strings.Contains(registered, site) != on {
			return errors.New("the extension has not changed its registered scripts: " + registered)
		}
		return nil
	})
}
