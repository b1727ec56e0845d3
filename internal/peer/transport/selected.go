package transport

// Selected returns the candidates of the nominated pair as candidate lines; ok
// is false before there is one.
func (g *Generation) Selected() (local, remote string, ok bool) {
	pair, err := g.agent.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return "", "", false
	}
	return "candidate:" + pair.Local.Marshal(), "candidate:" + pair.Remote.Marshal(), true
}
