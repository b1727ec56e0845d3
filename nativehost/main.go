// Command nativehost is the part of Nearend outside the browser, in two roles.
// Started by a browser it is the native messaging host; "nativehost endpoint"
// is the endpoint at the person's desk. See "nativehost help".
//
// Only this package parses flags, builds loggers, handles signals and exits.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage means that the command line was wrong and that this was said.
var errUsage = errors.New("wrong usage")

// command is a sub-command.
type command struct {
	name, summary string
	run           func(ctx context.Context, streams streams, arguments []string) error
}

// streams are the standard streams of a sub-command.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// commands are in the order of the help text.
func commands() []command {
	return []command{
		{"install", "tell browsers where this native messaging host is", install},
		{"uninstall", "make browsers forget it", uninstall},
		{"devices", "list microphones and speakers", listDevices},
		{"endpoint", "serve native messaging hosts", serveEndpoint},
		{"pair", "pair a session host with the endpoint at a desk", pair},
		{"demo", "serve a softphone page and a far end to call", serveDemo},
		{"version", "show versions", showVersion},
	}
}

const introduction = `nativehost is the part of Nearend outside the browser.

Browsers start it themselves, with the origin of the extension as its argument;
it then speaks native messaging on standard input and output. Run

	nativehost install

once so that they find it. For people:

`

const explanation = `
"nativehost COMMAND --help" says more about a command.

Environment:
  NEAREND_ENDPOINT  where a native messaging host finds its endpoint: the path
                    of the socket of "nativehost endpoint", or tls://HOST:PORT
                    of one that "nativehost pair" has paired with. Unset, the
                    endpoint runs within the native messaging host.
  NEAREND_LOG       debug, info (the default), warn or error. Started by a
                    browser, the log goes to a file; "nativehost version"
                    says which.
`

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	// A browser that goes away must show as a failed write, not end us.
	signal.Ignore(brokenPipe)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the next one ends the process at once.
	context.AfterFunc(ctx, stop)
	defer stop()

	if len(arguments) > 0 && strings.Contains(arguments[0], "://") {
		return exitCode(os.Stderr, "", beNativeMessagingHost(ctx, arguments[0]))
	}
	output := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	if len(arguments) == 0 {
		help(output.err)
		return exitUsage
	}
	switch arguments[0] {
	case "help", "-h", "-help", "--help":
		help(output.out)
		return exitOK
	case "--version":
		arguments[0] = "version"
	}
	for _, c := range commands() {
		if c.name == arguments[0] {
			return exitCode(output.err, c.name, c.run(ctx, output, arguments[1:]))
		}
	}
	fmt.Fprintf(output.err, "nativehost: there is no command %q; \"nativehost help\" lists them\n", arguments[0])
	return exitUsage
}

func help(out io.Writer) {
	fmt.Fprint(out, introduction)
	for _, c := range commands() {
		fmt.Fprintf(out, "  nativehost %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(out, explanation)
}

// exitCode says what went wrong and returns the code for it.
func exitCode(out io.Writer, name string, err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	default:
		fmt.Fprintln(out, strings.TrimSpace("nativehost "+name)+":", err)
		return exitFailed
	}
}

// parse reads the flags of a command that takes no other arguments. It has
// said what is wrong when it returns errUsage.
func parse(flags *flag.FlagSet, streams streams, synopsis, description string, arguments []string) error {
	flags.SetOutput(streams.err)
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "Usage: nativehost %s\n\n%s\n", synopsis, description)
		printFlags(flags)
	}
	switch err := flags.Parse(arguments); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage
	case flags.NArg() > 0:
		fmt.Fprintf(streams.err, "nativehost %s takes no argument %q\n", flags.Name(), flags.Arg(0))
		flags.Usage()
		return errUsage
	}
	return nil
}

// printFlags is flag.PrintDefaults with the two dashes that the help uses.
func printFlags(flags *flag.FlagSet) {
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(flags.Output(), "  %-22s %s\n", strings.TrimSpace("--"+f.Name+" "+value), usage)
	})
}
