package main

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"
)

// basicTypes are the types of encoding/json's own encoding.
var basicTypes = map[string]string{
	"string":  "string",
	"bool":    "boolean",
	"int":     "number",
	"int64":   "number",
	"uint8":   "number",
	"uint16":  "number",
	"uint32":  "number",
	"uint64":  "number",
	"float64": "number",
}

// readFields lists the JSON members of a struct; those of an embedded struct
// stand in its place, as encoding/json does it.
func (r *reader) readFields(structType *ast.StructType) ([]field, error) {
	var fields []field
	for _, declared := range structType.Fields.List {
		if len(declared.Names) == 0 {
			embedded, ok := declared.Type.(*ast.Ident)
			if !ok || declared.Tag != nil || r.structs[embedded.Name] == nil {
				return nil, r.refuse(declared, "only a struct of this package can be embedded, without a tag")
			}
			inner, err := r.readFields(r.structs[embedded.Name])
			if err != nil {
				return nil, err
			}
			fields = append(fields, inner...)
			continue
		}
		if len(declared.Names) > 1 || !declared.Names[0].IsExported() {
			return nil, r.refuse(declared, "a field must be exported and have a line of its own")
		}
		member, err := r.readField(declared)
		if err != nil {
			return nil, err
		}
		for _, other := range fields {
			if other.name == member.name {
				return nil, r.refuse(declared, "two members are named %q", member.name)
			}
		}
		fields = append(fields, member)
	}
	return fields, nil
}

func (r *reader) readField(declared *ast.Field) (field, error) {
	if declared.Tag == nil {
		return field{}, r.refuse(declared, "field %s has no json tag", declared.Names[0].Name)
	}
	tag, err := strconv.Unquote(declared.Tag.Value)
	if err != nil {
		return field{}, r.refuse(declared, "tag: %v", err)
	}
	name, options, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	if name == "" || name == "-" || options != "" && options != "omitempty" {
		return field{}, r.refuse(declared, "json tag %s is not understood", declared.Tag.Value)
	}
	typ, err := r.typeOf(declared.Type)
	if err != nil {
		return field{}, err
	}
	optional := options == "omitempty"
	if _, pointer := declared.Type.(*ast.StarExpr); pointer && !optional {
		typ += "|null"
	}
	return field{name: name, doc: strings.TrimSpace(declared.Doc.Text()), typ: typ, optional: optional}, nil
}

// typeOf gives the JSDoc type that a Go type has in JSON.
func (r *reader) typeOf(expression ast.Expr) (string, error) {
	switch expression := expression.(type) {
	case *ast.Ident:
		if basic, ok := basicTypes[expression.Name]; ok {
			return basic, nil
		}
		if r.structs[expression.Name] != nil || r.enums[expression.Name] {
			return expression.Name, nil
		}
	case *ast.StarExpr:
		if _, ok := expression.X.(*ast.Ident); ok {
			return r.typeOf(expression.X)
		}
	case *ast.ArrayType:
		if expression.Len != nil {
			break
		}
		// encoding/json writes bytes in base64.
		if element, ok := expression.Elt.(*ast.Ident); ok && element.Name == "byte" {
			return "string", nil
		}
		element, err := r.typeOf(expression.Elt)
		if err != nil {
			return "", err
		}
		return element + "[]", nil
	case *ast.SelectorExpr:
		if qualifier, ok := expression.X.(*ast.Ident); ok && qualifier.Name == "json" && expression.Sel.Name == "RawMessage" {
			return "unknown", nil
		}
	}
	return "", r.refuse(expression, "the type is not one that protogen knows")
}
