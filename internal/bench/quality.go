package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"nearend/internal/impair"
	"nearend/internal/measure"
	"nearend/internal/plot"
	"nearend/internal/rig"
)

// details is what a quality row knows of one engine.
type details struct {
	// DelayMedianMs and DelayP95Ms are from the far end's sending to the ear.
	DelayMedianMs float64 `json:"delayMedianMs"`
	DelayP95Ms    float64 `json:"delayP95Ms"`
	// STOI, ESTOI and CepstralDistanceDB judge what the desk heard, SentESTOI
	// what the far end heard without concealment.
	STOI               float64 `json:"stoi"`
	ESTOI              float64 `json:"estoi"`
	CepstralDistanceDB float64 `json:"cepstralDistanceDb"`
	SentESTOI          float64 `json:"sentEstoi"`
	// Gaps counts pauses of 30 ms and more in what the desk heard.
	Gaps      int     `json:"gaps"`
	Concealed float64 `json:"concealedRatio"`
	// Lost is the part of packets to the desk that the network lost.
	Lost float64 `json:"lostRatio"`
	// CPUSecondsPerMinute and MemoryMB are of browser, native messaging host
	// and endpoint together.
	CPUSecondsPerMinute float64 `json:"cpuSecondsPerMinute"`
	MemoryMB            float64 `json:"memoryMb"`
	// StallRatio is the part of the call in which something on the machine
	// waited for a processor: far above 0, the row says little.
	StallRatio float64 `json:"stallRatio"`
}

func (h heardCall) details() *details {
	return &details{
		DelayMedianMs:       round(milliseconds(measure.Percentile(h.received.Delays, 0.5))),
		DelayP95Ms:          round(milliseconds(measure.Percentile(h.received.Delays, 0.95))),
		STOI:                round(h.received.STOI),
		ESTOI:               round(h.received.ESTOI),
		CepstralDistanceDB:  round(h.received.CepstralDistance),
		SentESTOI:           round(h.sent.ESTOI),
		Gaps:                len(h.received.Gaps),
		Concealed:           round(h.concealed),
		Lost:                round(h.lost),
		CPUSecondsPerMinute: round(h.cpu),
		MemoryMB:            round(h.memory),
		StallRatio:          round(h.stall),
	}
}

// score is what a condition compares.
func (h heardCall) score(c condition) float64 {
	if c.sent {
		return h.sent.ESTOI
	}
	return h.received.ESTOI
}

// compareImpaired calls both engines over the selected networks, draws what it
// saw and returns the rows.
func compareImpaired(ctx context.Context, selected []condition) ([]row, error) {
	if len(selected) == 0 {
		return nil, nil
	}
	fmt.Println("Measuring a plain Chromium over impaired networks.")
	peer, err := impairedSide(ctx, false, selected)
	if errors.Is(err, impair.ErrNotAllowed) {
		fmt.Println("The rows under impaired networks are left out.", err)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("plain Chromium: %w", err)
	}
	fmt.Println("Measuring a redirected page over impaired networks.")
	ours, err := impairedSide(ctx, true, selected)
	if err != nil {
		return nil, fmt.Errorf("redirected page: %w", err)
	}
	var rows []row
	for i, c := range selected {
		rows = append(rows, row{
			ID: c.id, What: c.title(), Unit: "ESTOI", MoreIsBetter: true, Goal: c.goal,
			Ours: ours[i].score(c), Peer: peer[i].score(c),
			OursDetails: ours[i].details(), PeerDetails: peer[i].details(),
		}.judged())
	}
	printDetails(rows)
	return rows, draw(selected, ours, peer)
}

func printDetails(rows []row) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\n\t\tdelay\t95 %\tSTOI\tESTOI\tcepstral\tsent ESTOI\tgaps\tlost\tconcealed\tCPU s/min\tmemory\tstall\t")
	for _, r := range rows {
		for _, side := range []struct {
			name string
			d    *details
		}{{"ours", r.OursDetails}, {"native", r.PeerDetails}} {
			d := side.d
			fmt.Fprintf(table, "%s\t%s\t%.0f ms\t%.0f ms\t%.3f\t%.3f\t%.2f dB\t%.3f\t%d\t%.1f %%\t%.1f %%\t%.1f\t%.0f MB\t%.0f %%\t\n", r.ID, side.name,
				d.DelayMedianMs, d.DelayP95Ms, d.STOI, d.ESTOI, d.CepstralDistanceDB, d.SentESTOI, d.Gaps, 100*d.Lost, 100*d.Concealed, d.CPUSecondsPerMinute, d.MemoryMB, 100*d.StallRatio)
		}
	}
	table.Flush()
}

// draw writes dist/bench/delay_….svg for each condition, and quality_loss.svg
// when there is more than one loss to compare.
func draw(selected []condition, ours, peer []heardCall) error {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	folder := filepath.Join(root, "dist", "bench")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	quality := plot.Chart{
		Title: "Quality against loss", X: "packets lost (%)", Y: "intelligibility (ESTOI)",
		Curves: []plot.Curve{{Name: "redirected", Dots: true}, {Name: "native Chromium", Dots: true}},
	}
	for i, c := range selected {
		name := "delay_" + c.id[len("quality_"):] + ".svg"
		longest := max(measure.Percentile(ours[i].received.Delays, 1), measure.Percentile(peer[i].received.Delays, 1))
		chart := plot.Chart{
			Title: "Delay over time, " + c.what, X: "time (s)", Y: "far end to ear (ms)", High: 1.1 * milliseconds(longest),
			Curves: []plot.Curve{{Name: "redirected", Points: delayPoints(ours[i])}, {Name: "native Chromium", Points: delayPoints(peer[i])}},
		}
		if err := os.WriteFile(filepath.Join(folder, name), chart.SVG(), 0o644); err != nil {
			return err
		}
		if c.lossPercent >= 0 {
			for k, side := range [][]heardCall{ours, peer} {
				quality.Curves[k].Points = append(quality.Curves[k].Points, plot.Point{X: c.lossPercent, Y: side[i].score(c)})
			}
		}
	}
	if len(quality.Curves[0].Points) < 2 {
		return nil
	}
	return os.WriteFile(filepath.Join(folder, "quality_loss.svg"), quality.SVG(), 0o644)
}

// delayPoints breaks the curve where nothing was said.
func delayPoints(h heardCall) []plot.Point {
	const pauseLength = 500 * time.Millisecond
	var points []plot.Point
	var last time.Duration
	for _, d := range h.received.Delays {
		points = append(points, plot.Point{X: (d.At - leadIn).Seconds(), Y: milliseconds(d.Delay), Gap: d.At-last > pauseLength})
		last = d.At
	}
	return points
}
