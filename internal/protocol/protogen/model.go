package main

// model is what the generator knows of package protocol, in source order.
type model struct {
	scalars   []constant
	enums     []*enum
	structs   []*structure
	functions []function
	// pageRequests are the names of Method constants that pages may send.
	pageRequests []string
}

// constant is a named value: a string, or an integer in decimal.
type constant struct {
	name, doc string
	// literal is the value as JavaScript source.
	literal string
}

// enum is a string type and its constants, or the untyped limits.
type enum struct {
	name, doc string
	// isType is false for limits, which have no Go type.
	isType bool
	values []constant
}

// structure is a struct with its embedded structs already flattened.
type structure struct {
	name, doc string
	fields    []field
}

// field is one JSON member.
type field struct {
	name, doc string
	// typ is the JSDoc type.
	typ      string
	optional bool
}

// function returns a concatenation of strings and of its parameters.
type function struct {
	name, doc  string
	parameters []string
	// expression is JavaScript source.
	expression string
}

func (m *model) enum(name string) *enum {
	for _, e := range m.enums {
		if e.name == name {
			return e
		}
	}
	return nil
}
