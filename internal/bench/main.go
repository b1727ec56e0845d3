// Command bench is behind "make bench": it makes the same calls in a redirected
// page and in a plain Chromium, one after the other on the same machine, and
// writes what both used to dist/bench.json.
//
// Part of the calls goes over impaired networks, the far end on the other side
// of them; that needs root. The pictures of those are in dist/bench.
//
// Echo cancellation, noise suppression and gain control are off on both sides,
// because they change delay and processor time; the page draws no meters.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"text/tabwriter"

	"nearend/internal/rig"
)

func main() {
	soakFor := flag.Duration("soak", 0, "hold one redirected call for so long and watch it for leaks, instead of comparing")
	only := flag.String("only", "", "measure these rows only: ids or patterns such as quality_*, separated by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *soakFor > 0 {
		err = soak(ctx, *soakFor)
	} else {
		err = compare(ctx, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, only string) error {
	choice, err := choose(only)
	if err != nil {
		return err
	}
	pressure := rig.StartPressure()
	var rows []row
	if choice.calls {
		if rows, err = compareCalls(ctx); err != nil {
			return err
		}
	}
	impaired, err := compareImpaired(ctx, choice.conditions)
	if err != nil {
		return err
	}
	rows = choice.filter(append(rows, impaired...))
	if stall := pressure.Stall(); stall > rig.MaxStall {
		fmt.Printf("The machine was short of processor time for %.0f %% of the time: take the numbers with care.\n", 100*stall)
	}
	printTable(rows)
	return writeRows(rows)
}

// compareCalls makes calls without any network between.
func compareCalls(ctx context.Context) ([]row, error) {
	fmt.Println("Measuring a plain Chromium.")
	peer, err := measureSide(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("plain Chromium: %w", err)
	}
	fmt.Println("Measuring a redirected page.")
	ours, err := measureSide(ctx, true)
	if err != nil {
		return nil, fmt.Errorf("redirected page: %w", err)
	}
	return compareSides(ours, peer), nil
}

func printTable(rows []row) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\n\tours\tnative\tratio\tgoal\t")
	for _, r := range rows {
		met := ""
		if !r.Met {
			met = "not met"
		}
		fmt.Fprintf(table, "%s (%s)\t%.2f\t%.2f\t%.2f\t%.2f\t%s\n", r.What, r.Unit, r.Ours, r.Peer, r.Ratio, r.Goal, met)
	}
	table.Flush()
}

func writeRows(rows []row) error {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "dist", "bench.json"), append(data, '\n'), 0o644)
}
