package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scalars are what every source must have.
const scalars = `
const Version = 1
const Product = "0.1.0"
const NativeHostName = "com.example.host"
`

// generate runs the generator on one file of source.
func generate(source string) (string, error) {
	name := "x.go"
	m, err := readSources([]string{name}, map[string][]byte{name: []byte("package protocol\n" + source)})
	if err != nil {
		return "", err
	}
	module, err := writeModule(m)
	return string(module), err
}

func TestGenerates(t *testing.T) {
	module, err := generate(`import "encoding/json"
` + scalars + `
// MaxThings bounds things.
const MaxThings = 3*(1<<10) - 1 + 1

// Method names a method.
type Method string

// Pages send these.
//
//protogen:page
const (
	// Do does.
	Do Method = "a.do"
)

const Done Method = "a.done"

// Base is embedded.
type Base struct {
	// ID names it.
	ID string ` + "`json:\"id\"`" + `
}

// Thing is a thing.
type Thing struct {
	Base
	Count  uint32          ` + "`json:\"count\"`" + `
	Next   *Thing          ` + "`json:\"next,omitempty\"`" + `
	Null   *float64        ` + "`json:\"null\"`" + `
	List   []Base          ` + "`json:\"list\"`" + `
	Bytes  []byte          ` + "`json:\"bytes,omitempty\"`" + `
	Raw    json.RawMessage ` + "`json:\"raw,omitempty\"`" + `
	Method Method          ` + "`json:\"method\"`" + `
}

// ThingID names a thing.
//
//protogen:export
func ThingID(a, b string) string { return "x:" + a + ":" + b }

func (t Thing) ignored() {}

var ignored = 1
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export const PROTOCOL_VERSION = 1;",
		`export const NATIVE_HOST_NAME = "com.example.host";`,
		"  /** MaxThings bounds things. */\n  MaxThings: 3072,",
		"export const Method = Object.freeze({\n  /** Do does. */\n  Do: \"a.do\",\n  Done: \"a.done\",\n});",
		"export const pageRequests = new Set([\n  Method.Do,\n]);",
		"export function thingId(a, b) {\n  return \"x:\" + a + \":\" + b;\n}",
		" * @typedef {object} Thing\n" +
			" * @property {string} id ID names it.\n" +
			" * @property {number} count\n" +
			" * @property {Thing} [next]\n" +
			" * @property {number|null} null\n" +
			" * @property {Base[]} list\n" +
			" * @property {string} [bytes]\n" +
			" * @property {unknown} [raw]\n" +
			" * @property {Method} method\n",
	} {
		if !strings.Contains(module, want) {
			t.Errorf("the module lacks\n%s\nit is\n%s", want, module)
		}
	}
}

func TestRefusesWhatItDoesNotKnow(t *testing.T) {
	field := func(typ string) string { return "type T struct {\n\tA " + typ + " `json:\"a\"`\n}\n" }
	for name, source := range map[string]string{
		"a map":                  field("map[string]int"),
		"any":                    field("any"),
		"an interface":           field("interface{}"),
		"an array":               field("[4]int"),
		"a type from elsewhere":  field("time.Time"),
		"an unknown type":        field("Missing"),
		"a pointer to a pointer": field("**int"),
		"a function":             field("func()"),
		"a struct in place":      field("struct{}"),
		"a complex number":       field("complex128"),
		"no tag":                 "type T struct { A int }\n",
		"an odd tag":             "type T struct { A int `json:\"a,string\"` }\n",
		"a hidden field":         "type T struct { a int `json:\"a\"` }\n",
		"two fields on a line":   "type T struct { A, B int `json:\"a\"` }\n",
		"one name twice":         "type T struct {\n\tA int `json:\"a\"`\n\tB int `json:\"a\"`\n}\n",
		"an embedded pointer":    "type U struct{}\ntype T struct { *U }\n",
		"a named number":         "type T int\n",
		"an alias":               "type T = string\n",
		"a generic type":         "type T[P any] struct{}\n",
		"an unknown constant":    "const Surprise = 1\n",
		"a hidden constant":      "const maxSurprise = 1\n",
		"a computed constant":    "const MaxLen = len(\"x\")\n",
		"iota":                   "type E string\nconst (\n\tA E = iota\n\tB\n)\n",
		"a page's non-method":    "type E string\n//protogen:page\nconst (\n\tA E = \"a\"\n)\n",
		"a clever function":      "//protogen:export\nfunc F(a string) string { return a[1:] }\n",
		"a function of numbers":  "//protogen:export\nfunc F(a int) string { return \"x\" }\n",
		"broken source":          "type\n",
	} {
		if module, err := generate(scalars + source); err == nil {
			t.Errorf("%s was accepted:\n%s", name, module)
		}
	}
	if _, err := generate("const Version = 1\n"); err == nil {
		t.Error("a source without a product version was accepted")
	}
}

func TestCheck(t *testing.T) {
	folder := t.TempDir()
	source, output := filepath.Join(folder, "x.go"), filepath.Join(folder, "x.js")
	if err := os.WriteFile(source, []byte("package protocol\n"+scalars), 0o644); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"-source", folder, output}
	var stderr bytes.Buffer
	if err := run(append([]string{"-check"}, arguments...), &stderr); err == nil {
		t.Error("a missing file passed the check")
	}
	if err := run(arguments, &stderr); err != nil {
		t.Fatal(err)
	}
	if err := run(append([]string{"-check"}, arguments...), &stderr); err != nil {
		t.Errorf("what was just written: %v", err)
	}
	if err := os.WriteFile(output, []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(append([]string{"-check"}, arguments...), &stderr); err == nil {
		t.Error("a changed file passed the check")
	}
	if err := run(nil, &stderr); err == nil {
		t.Error("no file to write to was accepted")
	}
}

// TestModulesAreCurrent holds the files in the tree to the Go types.
func TestModulesAreCurrent(t *testing.T) {
	if err := run([]string{"-check", "-source", "..", "../../../shim/protocol.gen.js", "../../../extension/protocol.gen.js"}, os.Stderr); err != nil {
		t.Error(err)
	}
}
