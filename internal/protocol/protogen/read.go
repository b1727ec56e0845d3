package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// limitPrefix marks the untyped constants that are limits.
const limitPrefix = "Max"

// scalarNames are the untyped constants that are not limits, and their names in
// JavaScript.
var scalarNames = map[string]string{
	"Version":        "PROTOCOL_VERSION",
	"Product":        "PRODUCT_VERSION",
	"NativeHostName": "NATIVE_HOST_NAME",
}

// reader turns declarations into a model in two passes: types first, so that
// fields may name types declared later.
type reader struct {
	files   *gotoken.FileSet
	model   *model
	structs map[string]*ast.StructType
	enums   map[string]bool
}

// readPackage parses all Go files of a folder but its tests.
func readPackage(folder string) (*model, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	if len(names) == 0 {
		return nil, fmt.Errorf("no Go source in %s", folder)
	}
	slices.Sort(names)
	sources := make(map[string][]byte, len(names))
	for _, name := range names {
		if sources[name], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return readSources(names, sources)
}

// readSources parses the named sources in order.
func readSources(names []string, sources map[string][]byte) (*model, error) {
	r := &reader{
		files:   gotoken.NewFileSet(),
		model:   &model{enums: []*enum{{name: "Limit", doc: "Limits that each receiver enforces again. Sizes are in bytes."}}},
		structs: make(map[string]*ast.StructType),
		enums:   make(map[string]bool),
	}
	var declarations []ast.Decl
	for _, name := range names {
		file, err := parser.ParseFile(r.files, name, sources[name], parser.ParseComments)
		if err != nil {
			return nil, err
		}
		declarations = append(declarations, file.Decls...)
	}
	for _, pass := range []func(ast.Decl) error{r.collectTypes, r.readDeclaration} {
		for _, declaration := range declarations {
			if err := pass(declaration); err != nil {
				return nil, err
			}
		}
	}
	return r.model, nil
}

// collectTypes notes the struct and string types.
func (r *reader) collectTypes(declaration ast.Decl) error {
	general, ok := declaration.(*ast.GenDecl)
	if !ok || general.Tok != gotoken.TYPE {
		return nil
	}
	for _, spec := range general.Specs {
		spec := spec.(*ast.TypeSpec)
		if spec.TypeParams != nil || spec.Assign.IsValid() {
			return r.refuse(spec, "type %s is generic or an alias", spec.Name.Name)
		}
		switch underlying := spec.Type.(type) {
		case *ast.StructType:
			r.structs[spec.Name.Name] = underlying
		case *ast.Ident:
			if underlying.Name != "string" {
				return r.refuse(spec, "type %s is neither a struct nor a string", spec.Name.Name)
			}
			r.enums[spec.Name.Name] = true
			r.model.enums = append(r.model.enums, &enum{name: spec.Name.Name, doc: docOf(general, spec.Doc), isType: true})
		default:
			return r.refuse(spec, "type %s is neither a struct nor a string", spec.Name.Name)
		}
	}
	return nil
}

func (r *reader) readDeclaration(declaration ast.Decl) error {
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		if !hasDirective(declaration.Doc, "export") {
			return nil
		}
		return r.readFunction(declaration)
	case *ast.GenDecl:
		switch declaration.Tok {
		case gotoken.IMPORT, gotoken.VAR:
			return nil
		case gotoken.CONST:
			return r.readConstants(declaration)
		case gotoken.TYPE:
			return r.readStructs(declaration)
		}
	}
	return r.refuse(declaration, "declaration is not understood")
}

func (r *reader) readStructs(declaration *ast.GenDecl) error {
	for _, spec := range declaration.Specs {
		spec := spec.(*ast.TypeSpec)
		underlying, ok := r.structs[spec.Name.Name]
		if !ok {
			continue
		}
		fields, err := r.readFields(underlying)
		if err != nil {
			return err
		}
		r.model.structs = append(r.model.structs, &structure{
			name:   spec.Name.Name,
			doc:    docOf(declaration, spec.Doc),
			fields: fields,
		})
	}
	return nil
}

// refuse returns an error that names a place in the source.
func (r *reader) refuse(node ast.Node, format string, arguments ...any) error {
	return fmt.Errorf("%s: %s", r.files.Position(node.Pos()), fmt.Sprintf(format, arguments...))
}

// docOf is the comment of a specification, or that of its declaration when it
// stands alone.
func docOf(declaration *ast.GenDecl, doc *ast.CommentGroup) string {
	if doc == nil && !declaration.Lparen.IsValid() {
		doc = declaration.Doc
	}
	return strings.TrimSpace(doc.Text())
}

// hasDirective looks for //protogen:name.
func hasDirective(doc *ast.CommentGroup, name string) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return c.Text == "//protogen:"+name })
}
