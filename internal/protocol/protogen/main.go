// Command protogen reads the Go source of package protocol and writes it as a
// JavaScript module, so that the shim and the extension share one definition
// of the protocol with the Go side:
//
//	protogen [-check] [-source DIR] FILE...
//
// It parses source only and type-checks nothing. A declaration that it does
// not understand is an error, never a guess. With -check it writes nothing and
// fails when a FILE differs from what it would write.
//
// Two directives in doc comments steer it: "protogen:page" on a group of
// methods puts them into pageRequests, "protogen:export" on a function turns
// it into a JavaScript function.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "protogen:", err)
		os.Exit(1)
	}
}

func run(arguments []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("protogen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	check := flags.Bool("check", false, "compare the files instead of writing them")
	source := flags.String("source", ".", "folder of package protocol")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return fmt.Errorf("no file named to write to")
	}
	model, err := readPackage(*source)
	if err != nil {
		return err
	}
	module, err := writeModule(model)
	if err != nil {
		return err
	}
	for _, name := range flags.Args() {
		if !*check {
			if err := os.WriteFile(name, module, 0o644); err != nil {
				return err
			}
			continue
		}
		found, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !bytes.Equal(found, module) {
			return fmt.Errorf("%s does not match the Go types: run go generate on internal/protocol", name)
		}
	}
	return nil
}
