package plot

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Chart is one picture.
type Chart struct {
	Title, X, Y string
	// Low and High bound the vertical axis; when equal, it spans the points and
	// a little more.
	Low, High float64
	Curves    []Curve
}

// Curve is drawn in the colour of its place in the chart.
type Curve struct {
	Name   string
	Points []Point
	// Dots marks each point.
	Dots bool
}

// Point has finite coordinates in the units of the axes. A curve is interrupted
// before a point whose Gap is set.
type Point struct {
	X, Y float64
	Gap  bool
}

const (
	width, height                    = 720, 400
	left, right, top, bottom float64 = 64, 700, 44, 344
)

// The colours are apart from each other for the colour-blind too (Okabe and Ito).
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7"}

// SVG draws the chart.
func (c Chart) SVG() []byte {
	x, y := c.axes()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	text(&b, left, 24, "start", 15, c.Title)
	for _, v := range x.ticks() {
		at := x.place(v)
		line(&b, at, top, at, bottom, "#e5e5e5")
		text(&b, at, bottom+18, "middle", 12, number(v))
	}
	for _, v := range y.ticks() {
		at := y.place(v)
		line(&b, left, at, right, at, "#e5e5e5")
		text(&b, left-8, at+4, "end", 12, number(v))
	}
	line(&b, left, bottom, right, bottom, "#444")
	line(&b, left, top, left, bottom, "#444")
	text(&b, (left+right)/2, bottom+40, "middle", 12, c.X)
	fmt.Fprintf(&b, `<g transform="translate(16 %g) rotate(-90)">`, (top+bottom)/2)
	text(&b, 0, 0, "middle", 12, c.Y)
	b.WriteString("</g>\n")
	for i, curve := range c.Curves {
		curve.draw(&b, x, y, colours[i%len(colours)])
	}
	c.legend(&b)
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func (c Curve) draw(b *strings.Builder, x, y axis, colour string) {
	if len(c.Points) == 0 {
		return
	}
	fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round" d="`, colour)
	for i, p := range c.Points {
		command := "L"
		if i == 0 || p.Gap {
			command = "M"
		}
		fmt.Fprintf(b, "%s%.1f %.1f", command, x.place(p.X), y.place(p.Y))
	}
	b.WriteString("\"/>\n")
	if !c.Dots {
		return
	}
	for _, p := range c.Points {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`+"\n", x.place(p.X), y.place(p.Y), colour)
	}
}

// legend names the curves in the upper right, from right to left.
func (c Chart) legend(b *strings.Builder) {
	at := right
	for i := len(c.Curves) - 1; i >= 0; i-- {
		name := c.Curves[i].Name
		text(b, at, 24, "end", 12, name)
		at -= 7*float64(len(name)) + 10
		fmt.Fprintf(b, `<rect x="%g" y="14" width="12" height="12" fill="%s"/>`+"\n", at-8, colours[i%len(colours)])
		at -= 26
	}
}

func text(b *strings.Builder, x, y float64, anchor string, size int, s string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" fill="#222">%s</text>`+"\n", x, y, anchor, size, html.EscapeString(s))
}

func line(b *strings.Builder, x1, y1, x2, y2 float64, colour string) {
	fmt.Fprintf(b, `<path stroke="%s" d="M%.1f %.1fL%.1f %.1f"/>`+"\n", colour, x1, y1, x2, y2)
}

// axes span the points of all curves.
func (c Chart) axes() (x, y axis) {
	x, y = axis{math.Inf(1), math.Inf(-1), left, right}, axis{math.Inf(1), math.Inf(-1), bottom, top}
	for _, curve := range c.Curves {
		for _, p := range curve.Points {
			x.low, x.high = min(x.low, p.X), max(x.high, p.X)
			y.low, y.high = min(y.low, p.Y), max(y.high, p.Y)
		}
	}
	x.widen()
	y.widen()
	if margin := (y.high - y.low) / 20; c.Low == c.High {
		y.low, y.high = y.low-margin, y.high+margin
	} else {
		y.low, y.high = c.Low, c.High
	}
	return x, y
}
