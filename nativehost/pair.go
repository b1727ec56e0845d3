package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"nearend/internal/link/tlslink"
)

const pairDescription = `Pairs a session host with the endpoint at a person's desk, so that each connects
to the other alone. At the desk, while "nativehost endpoint --listen" runs:

	nativehost pair

shows a code. At the session host, within five minutes:

	nativehost pair --to ADDRESS

asks for that code. From then on NEAREND_ENDPOINT=tls://ADDRESS leads there.
`

// pair is the command pair.
func pair(ctx context.Context, streams streams, arguments []string) error {
	flags := flag.NewFlagSet("pair", flag.ContinueOnError)
	to := flags.String("to", "", "`address`, host:port, at which the endpoint to pair with listens")
	name := flags.String("name", machineName(), "what the other machine calls this one")
	list := flags.Bool("list", false, "list the machines that this one is paired with")
	revoke := flags.String("revoke", "", "forget the machine of that `name`; its connections end")
	synopsis := "pair [--to ADDRESS] [--name NAME] | --list | --revoke NAME"
	if err := parse(flags, streams, synopsis, pairDescription, arguments); err != nil {
		return err
	}
	given := 0
	flags.Visit(func(f *flag.Flag) {
		if f.Name != "name" {
			given++
		}
	})
	if given > 1 {
		fmt.Fprintln(streams.err, "nativehost pair: --to, --list and --revoke exclude each other")
		return errUsage
	}
	store, err := openPins()
	if err != nil {
		return err
	}
	switch {
	case *list:
		return listPins(streams, store)
	case *revoke != "":
		revoked, err := store.Revoke(*revoke)
		for _, pin := range revoked {
			fmt.Fprintf(streams.out, "%s (%s) is forgotten.\n", pin.Name, pin.Role)
		}
		return err
	case *to != "":
		return pairWith(ctx, streams, store, *to, *name)
	default:
		return showPairingCode(ctx, streams, store, *name)
	}
}

// openPins opens this user's key and pins.
func openPins() (*tlslink.Store, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return nil, fmt.Errorf("no folder for settings: %w", err)
	}
	return tlslink.OpenStore(filepath.Join(folder, "nearend", "link"))
}

func machineName() string {
	name, err := os.Hostname()
	if err != nil {
		return "unnamed"
	}
	return name
}

func listPins(streams streams, store *tlslink.Store) error {
	pins, err := store.Pins()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(streams.out, 0, 0, 2, ' ', 0)
	for _, pin := range pins {
		fmt.Fprintf(table, "%s\t%s\t%s\tsince %s\tkey %.16s…\n", pin.Name, pin.Role, pin.Address, pin.Since.Format(time.DateOnly), pin.Key)
	}
	return table.Flush()
}

// pairWith is pairing at the session host.
func pairWith(ctx context.Context, streams streams, store *tlslink.Store, address, name string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("the address needs a port, as in desk.example:8997: %w", err)
	}
	fmt.Fprint(streams.err, "Code shown at the desk: ")
	typed, err := bufio.NewReader(streams.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	pin, err := store.Pair(ctx, address, name, typed)
	if err != nil {
		return err
	}
	fmt.Fprintf(streams.out, "Paired with %s. Start the browser with %s=%s%s.\n", pin.Name, endpointVariable, tlsScheme, address)
	return nil
}

// showPairingCode is pairing at the desk, where the endpoint does the rest.
func showPairingCode(ctx context.Context, streams streams, store *tlslink.Store, name string) error {
	start := time.Now()
	code, err := store.Offer(name)
	if err != nil {
		return err
	}
	fmt.Fprintf(streams.out, "Pairing code: %s\nIt is valid for %d minutes, once. Type it at the session host into\n  nativehost pair --to ADDRESS\nwith the address at which \"nativehost endpoint --listen\" listens here.\n",
		code, int(tlslink.OfferTime.Minutes()))
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for store.Offered() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			_, err := store.Withdraw()
			return errors.Join(errors.New("the code was withdrawn"), err)
		}
	}
	// The endpoint takes the offer away, then notes whom it was for.
	for range 10 {
		pins, err := store.Pins()
		if err != nil {
			return err
		}
		for _, pin := range pins {
			if pin.Role == tlslink.SessionHost && pin.Since.After(start) {
				fmt.Fprintf(streams.out, "Paired with %s.\n", pin.Name)
				return nil
			}
		}
		<-ticker.C
	}
	_, err = store.Withdraw()
	return errors.Join(errors.New("nobody was paired: the code has expired or was typed wrong too often"), err)
}
