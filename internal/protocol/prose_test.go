package protocol_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	. "nearend/internal/protocol"
)

// TestProseIsTrue holds the tables of PROTOCOL.md to the types.
func TestProseIsTrue(t *testing.T) {
	prose := readFile(t, "PROTOCOL.md")
	rows := make(map[string][]string)
	for line := range strings.Lines(prose) {
		if cells := strings.Split(strings.TrimSpace(line), "|"); len(cells) > 3 && strings.HasPrefix(cells[1], " `") {
			for i := range cells {
				cells[i] = strings.Trim(cells[i], " `")
			}
			rows[cells[1]] = cells[2:]
		}
	}
	for method, contract := range contracts {
		row := rows[string(method)]
		result := typeName(contract.result)
		if result == "" {
			result = "notification"
		}
		if len(row) < 3 || row[0] != typeName(contract.params) || row[1] != result {
			t.Errorf("%s has the row %q, want %s and %s", method, row, typeName(contract.params), result)
		}
	}
	for _, match := range regexp.MustCompile(`(\w+)\s+(?:ErrorName|Method) += "([^"]+)"`).FindAllStringSubmatch(readFile(t, "error.go")+readFile(t, "method.go"), -1) {
		if rows[match[2]] == nil {
			t.Errorf("no row tells of %s", match[2])
		}
		if _, known := contracts[Method(match[2])]; !known && strings.ContainsAny(match[2], ".") {
			t.Errorf("there is no contract for %s", match[2])
		}
	}
	module := readFile(t, "../../shim/protocol.gen.js")
	for _, match := range regexp.MustCompile(`(Max\w+): (\d+),`).FindAllStringSubmatch(module, -1) {
		if row := rows[match[1]]; len(row) == 0 || row[0] != match[2] {
			t.Errorf("%s has the row %q, want %s", match[1], row, match[2])
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
