package main

import (
	serializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
	goyaml "sigs.k8s.io/yaml/goyaml.v2"
)

// document is a text as the server decodes it (k8s.io/apimachinery pkg/runtime/serializer/json Serializer.Decode).
type document struct {
	object map[string]any
	// doubled says which keys are written twice; empty when none is.
	doubled string
}

// decode makes an object of a text. A key that overrides a merged one (<<) is not held to be doubled: tools resolve merges
// before a server sees them.
func decode(text string) (document, *answer) {
	data := []byte(text)
	asJSON, strictError := yaml.YAMLToJSONStrict(data)
	if strictError != nil {
		lenient, err := yaml.YAMLToJSON(data)
		if err != nil {
			return document{}, &answer{Layer: "yaml", Errors: []string{err.Error()}}
		}
		asJSON = lenient
	}
	if _, err := serializer.DefaultMetaFactory.Interpret(asJSON); err != nil {
		return document{}, &answer{Layer: "kind", Errors: []string{err.Error()}}
	}
	object := map[string]any{}
	if _, err := kjson.UnmarshalStrict(asJSON, &object); err != nil {
		return document{}, &answer{Layer: "yaml", Errors: []string{err.Error()}}
	}
	d := document{object: object}
	if strictError != nil && writtenTwice(data) {
		d.doubled = strictError.Error()
	}
	return d, nil
}

// writtenTwice says whether one map of the text has the same key twice, merges left aside. Decoding into a MapSlice keeps
// every entry and drops what a merge brings in.
func writtenTwice(data []byte) bool {
	var entries goyaml.MapSlice
	if goyaml.Unmarshal(data, &entries) != nil {
		return true
	}
	return hasTwin(entries)
}

func hasTwin(value any) bool {
	switch value := value.(type) {
	case goyaml.MapSlice:
		seen := map[any]bool{}
		for _, entry := range value {
			if seen[entry.Key] || hasTwin(entry.Value) {
				return true
			}
			seen[entry.Key] = true
		}
	case []any:
		for _, item := range value {
			if hasTwin(item) {
				return true
			}
		}
	}
	return false
}
