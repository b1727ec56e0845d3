package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestChartIsWellFormedAndComplete(t *testing.T) {
	c := Chart{
		Title: "Delay <over> time & more", X: "time (s)", Y: "delay (ms)", Low: 50, High: 100,
		Curves: []Curve{
			{Name: "redirected", Points: []Point{{X: 0, Y: 50}, {X: 5, Y: 60}, {X: 7, Y: 80, Gap: true}, {X: 10, Y: 100}}},
			{Name: "native", Points: []Point{{X: 0, Y: 70}, {X: 10, Y: 90}}, Dots: true},
			{Name: "nothing"},
		},
	}
	svg := string(c.SVG())
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
	for _, want := range []string{
		"Delay &lt;over&gt; time &amp; more", ">redirected<", ">native<", ">time (s)<", ">delay (ms)<",
		// Lowest and first is lower left, highest and last upper right; the gap
		// begins anew.
		`d="M64.0 344.0L382.0 284.0M509.2 164.0L700.0 44.0"`,
		`<circle cx="700.0" cy="104.0"`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in %s", want, svg)
		}
	}
	if n := strings.Count(svg, "<circle"); n != 2 {
		t.Errorf("%d dots, want 2", n)
	}
}

func TestChartWithBounds(t *testing.T) {
	c := Chart{Low: 0.5, High: 1, Curves: []Curve{{Points: []Point{{X: 0, Y: 0.75}, {X: 1, Y: 2}}}}}
	if svg := string(c.SVG()); !strings.Contains(svg, `d="M64.0 194.0L700.0 44.0"`) {
		t.Errorf("points are not within the bounds: %s", svg)
	}
}

func TestChartWithoutBoundsLeavesAMargin(t *testing.T) {
	c := Chart{Curves: []Curve{{Points: []Point{{X: 0, Y: 0}, {X: 1, Y: 100}}}}}
	if svg := string(c.SVG()); !strings.Contains(svg, `d="M64.0 330.4L700.0 57.6"`) {
		t.Errorf("points are not within a margin: %s", svg)
	}
}

func TestEmptyChart(t *testing.T) {
	if svg := string(Chart{}.SVG()); strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error("an empty chart has impossible coordinates")
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      []string
	}{
		{0, 20, []string{"0", "5", "10", "15", "20"}},
		{0, 1, []string{"0", "0.2", "0.4", "0.6", "0.8", "1"}},
		{0.55, 0.98, []string{"0.6", "0.7", "0.8", "0.9"}},
		{33, 377, []string{"50", "100", "150", "200", "250", "300", "350"}},
		{-3, 3, []string{"-3", "-2", "-1", "0", "1", "2", "3"}},
	} {
		var got []string
		for _, v := range (axis{low: c.low, high: c.high}).ticks() {
			got = append(got, number(v))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v to %v: got %v, want %v", c.low, c.high, got, c.want)
		}
	}
}
