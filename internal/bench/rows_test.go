package main

import (
	"slices"
	"strings"
	"testing"
)

func TestRowsAreJudgedInTheirDirection(t *testing.T) {
	for _, c := range []struct {
		ours, peer, goal float64
		more, met        bool
	}{
		{50, 100, 0.6, false, true},
		{70, 100, 0.6, false, false},
		{70, 0, 0.6, false, false},
		{0.9, 0.9, 1, true, true},
		{0.9, 0.9, 1.001, true, false},
		{0.95, 0.9, 1.001, true, true},
		{0.8, 0.9, 1, true, false},
		{0.8, 0, 1, true, false},
	} {
		r := row{Ours: c.ours, Peer: c.peer, Goal: c.goal, MoreIsBetter: c.more}.judged()
		if r.Met != c.met {
			t.Errorf("%+v: met is %v", c, r.Met)
		}
	}
}

func TestChoosing(t *testing.T) {
	ids := func(c choice) (ids []string) {
		for _, network := range c.conditions {
			ids = append(ids, network.id)
		}
		return ids
	}
	all, err := choose("")
	if err != nil || !all.calls || len(all.conditions) != len(conditions()) {
		t.Errorf("nothing chosen: %+v, %v", all, err)
	}
	some, err := choose("quality_loss_0,quality_jitter_*")
	if err != nil || some.calls || !slices.Equal(ids(some), []string{"quality_loss_0", "quality_jitter_10", "quality_jitter_30", "quality_jitter_60"}) {
		t.Errorf("some chosen: %+v, %v", some, err)
	}
	setup, err := choose("setup")
	if err != nil || !setup.calls || len(setup.conditions) != 0 {
		t.Errorf("one chosen: %+v, %v", setup, err)
	}
	if rows := setup.filter([]row{{ID: "setup"}, {ID: "rss_host"}}); len(rows) != 1 || rows[0].ID != "setup" {
		t.Errorf("filtered to %+v", rows)
	}
	if _, err := choose("quality_los"); err == nil || !strings.Contains(err.Error(), "quality_loss_5") {
		t.Errorf("a wrong id: %v", err)
	}
}

func TestConditionsArePossible(t *testing.T) {
	for _, c := range conditions() {
		if err := c.network.Check(); err != nil {
			t.Errorf("%s: %v", c.id, err)
		}
		if !strings.HasPrefix(c.id, "quality_") {
			t.Errorf("%s is no quality row", c.id)
		}
	}
}
