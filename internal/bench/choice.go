package main

import (
	"fmt"
	"path"
	"strings"
)

// choice says which rows are wanted.
type choice struct {
	patterns []string
	// calls says that rows of compareSides are among them; they are measured
	// together.
	calls      bool
	conditions []condition
}

// choose reads patterns of row ids, separated by commas; none chooses all. A
// pattern without a row is an error.
func choose(only string) (choice, error) {
	var c choice
	if only != "" {
		c.patterns = strings.Split(only, ",")
	}
	var ids []string
	for _, r := range compareSides(side{}, side{}) {
		ids = append(ids, r.ID)
		c.calls = c.calls || c.wants(r.ID)
	}
	for _, network := range conditions() {
		ids = append(ids, network.id)
		if c.wants(network.id) {
			c.conditions = append(c.conditions, network)
		}
	}
	for _, pattern := range c.patterns {
		single := choice{patterns: []string{pattern}}
		found := false
		for _, id := range ids {
			found = found || single.wants(id)
		}
		if !found {
			return choice{}, fmt.Errorf("no row is called %q; there are %s", pattern, strings.Join(ids, ", "))
		}
	}
	return c, nil
}

func (c choice) wants(id string) bool {
	for _, pattern := range c.patterns {
		if ok, err := path.Match(pattern, id); err == nil && ok {
			return true
		}
	}
	return len(c.patterns) == 0
}

// filter keeps the rows that are wanted.
func (c choice) filter(rows []row) []row {
	var kept []row
	for _, r := range rows {
		if c.wants(r.ID) {
			kept = append(kept, r)
		}
	}
	return kept
}
