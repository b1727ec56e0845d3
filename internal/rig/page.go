package rig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Page is a tab, or a worker that the debugger is attached to.
type Page struct {
	ctx   context.Context
	close context.CancelFunc
}

// Open opens a URL in a new tab and waits until it is loaded.
func (b *Browser) Open(url string) (*Page, error) {
	ctx, cancel := chromedp.NewContext(b.ctx)
	p := &Page{ctx: ctx, close: cancel}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, err
	}
	if err := p.Navigate(url); err != nil {
		cancel()
		return nil, err
	}
	return p, nil
}

// FirstPage is the tab that the browser started with.
func (b *Browser) FirstPage() *Page { return &Page{ctx: b.ctx, close: func() {}} }

// Navigate loads a URL in the tab.
func (p *Page) Navigate(url string) error {
	return p.do(30*time.Second, chromedp.Navigate(url))
}

// Close closes the tab.
func (p *Page) Close() { p.close() }

// Context ends with the browser, and for a tab that Open has opened with its
// Close.
func (p *Page) Context() context.Context { return p.ctx }

// Eval evaluates an expression in the page, waits for its promise and decodes
// the result. A page's exception is the error.
func Eval[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise, gesture))
	if err != nil {
		return value, fmt.Errorf("evaluating %.120q: %w", expression, err)
	}
	return value, nil
}

// gesture counts the evaluation as done by the user.
func gesture(p *runtime.EvaluateParams) {
	yes := true
	p.UserGesture = &yes
}

// Wait polls an expression until it is true.
func (p *Page) Wait(expression string, within time.Duration) error {
	return Poll(p.ctx, within, func() error {
		ok, err := Eval[bool](p, "(async () => Boolean("+expression+"))()")
		if err == nil && !ok {
			err = fmt.Errorf("not true: %s", expression)
		}
		return err
	})
}

// Click clicks the element that a CSS selector finds, as the mouse does.
func (p *Page) Click(selector string) error {
	return p.do(10*time.Second, chromedp.Click(chromedp.CSS(selector)))
}

// Screenshot writes a PNG of what the tab shows.
func (p *Page) Screenshot(path string) error {
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, png, 0o644)
}

// Size sets the size of what the tab shows, in pixels of CSS.
func (p *Page) Size(width, height int) error {
	return p.do(10*time.Second, chromedp.EmulateViewport(int64(width), int64(height)))
}

func (p *Page) do(within time.Duration, steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, within)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Poll calls check until it returns nil, and gives its last error when it does
// not within the time.
func Poll(ctx context.Context, within time.Duration, check func() error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("after %v: %w", within, err)
		case <-tick.C:
		}
	}
}
