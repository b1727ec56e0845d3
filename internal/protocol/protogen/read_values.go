package main

import (
	"go/ast"
	goconstant "go/constant"
	gotoken "go/token"
	"strconv"
	"strings"
)

// readConstants sorts constants into enums, limits and single values.
func (r *reader) readConstants(declaration *ast.GenDecl) error {
	page := hasDirective(declaration.Doc, "page")
	for _, spec := range declaration.Specs {
		spec := spec.(*ast.ValueSpec)
		if len(spec.Names) != 1 || len(spec.Values) != 1 {
			return r.refuse(spec, "a constant must have a line and a value of its own")
		}
		name := spec.Names[0].Name
		if !spec.Names[0].IsExported() {
			return r.refuse(spec, "constant %s is not exported", name)
		}
		value, err := r.evaluate(spec.Values[0])
		if err != nil {
			return err
		}
		one := constant{name: name, doc: docOf(declaration, spec.Doc), literal: value.ExactString()}
		switch typ := spec.Type.(type) {
		case nil:
			if err := r.addUntyped(spec, one); err != nil {
				return err
			}
		case *ast.Ident:
			group := r.model.enum(typ.Name)
			if group == nil || !group.isType || value.Kind() != goconstant.String {
				return r.refuse(spec, "constant %s is not of a string type of this package", name)
			}
			group.values = append(group.values, one)
			if page {
				if typ.Name != "Method" {
					return r.refuse(spec, "only methods can be page requests")
				}
				r.model.pageRequests = append(r.model.pageRequests, name)
			}
		default:
			return r.refuse(spec, "the type of constant %s is not understood", name)
		}
	}
	return nil
}

func (r *reader) addUntyped(spec *ast.ValueSpec, one constant) error {
	if strings.HasPrefix(one.name, limitPrefix) {
		limits := r.model.enum("Limit")
		limits.values = append(limits.values, one)
		return nil
	}
	script, ok := scalarNames[one.name]
	if !ok {
		return r.refuse(spec, "constant %s is neither typed, a limit nor known to protogen", one.name)
	}
	one.name = script
	r.model.scalars = append(r.model.scalars, one)
	return nil
}

// evaluate computes a constant expression of literals.
func (r *reader) evaluate(expression ast.Expr) (goconstant.Value, error) {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		if expression.Kind == gotoken.INT || expression.Kind == gotoken.STRING {
			return goconstant.MakeFromLiteral(expression.Value, expression.Kind, 0), nil
		}
	case *ast.ParenExpr:
		return r.evaluate(expression.X)
	case *ast.BinaryExpr:
		left, err := r.evaluate(expression.X)
		if err != nil {
			return nil, err
		}
		right, err := r.evaluate(expression.Y)
		if err != nil {
			return nil, err
		}
		if left.Kind() != goconstant.Int || right.Kind() != goconstant.Int {
			break
		}
		switch expression.Op {
		case gotoken.SHL:
			if bits, ok := goconstant.Uint64Val(right); ok && bits < 64 {
				return goconstant.Shift(left, gotoken.SHL, uint(bits)), nil
			}
		case gotoken.ADD, gotoken.SUB, gotoken.MUL:
			return goconstant.BinaryOp(left, expression.Op, right), nil
		}
	}
	return nil, r.refuse(expression, "the constant is not one that protogen can compute")
}

// readFunction takes a function of strings that returns a concatenation.
func (r *reader) readFunction(declaration *ast.FuncDecl) error {
	f := function{name: scriptName(declaration.Name.Name), doc: strings.TrimSpace(declaration.Doc.Text())}
	known := make(map[string]bool)
	for _, group := range declaration.Type.Params.List {
		if typ, ok := group.Type.(*ast.Ident); !ok || typ.Name != "string" {
			return r.refuse(group, "only strings can be parameters")
		}
		for _, name := range group.Names {
			f.parameters = append(f.parameters, name.Name)
			known[name.Name] = true
		}
	}
	if len(declaration.Body.List) == 1 {
		if returned, ok := declaration.Body.List[0].(*ast.ReturnStmt); ok && len(returned.Results) == 1 {
			expression, err := r.concatenation(returned.Results[0], known)
			if err != nil {
				return err
			}
			f.expression = expression
			r.model.functions = append(r.model.functions, f)
			return nil
		}
	}
	return r.refuse(declaration, "an exported function must be one return statement")
}

func (r *reader) concatenation(expression ast.Expr, known map[string]bool) (string, error) {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(expression.Value); err == nil && expression.Kind == gotoken.STRING {
			return strconv.Quote(text), nil
		}
	case *ast.Ident:
		if known[expression.Name] {
			return expression.Name, nil
		}
	case *ast.BinaryExpr:
		if expression.Op != gotoken.ADD {
			break
		}
		left, err := r.concatenation(expression.X, known)
		if err != nil {
			return "", err
		}
		right, err := r.concatenation(expression.Y, known)
		if err != nil {
			return "", err
		}
		return left + " + " + right, nil
	}
	return "", r.refuse(expression, "the expression is not a concatenation of strings and parameters")
}

// scriptName turns ReceiverTrackID into receiverTrackId.
func scriptName(name string) string {
	if before, ok := strings.CutSuffix(name, "ID"); ok {
		name = before + "Id"
	}
	return strings.ToLower(name[:1]) + name[1:]
}
