package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"

	kjson "sigs.k8s.io/json"

	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
)

// agent decodes what the server stored as the agent's client does, and has the agent parse it, with the default flags.
func agent(k *kind, object map[string]any) (result answer) {
	stored, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	defer func() {
		if r := recover(); r != nil {
			if !strings.Contains(string(debug.Stack()), "github.com/cilium/cilium/") {
				panic(r)
			}
			result = answer{Layer: "panic", Errors: []string{fmt.Sprint(r)}}
		}
	}()
	if k.namespaced {
		var policy v2.CiliumNetworkPolicy
		if err := kjson.UnmarshalCaseSensitivePreserveInts(stored, &policy); err != nil {
			return answer{Layer: "decode", Errors: []string{err.Error()}}
		}
		return parsed(parseNamespaced(&policy))
	}
	var policy v2.CiliumClusterwideNetworkPolicy
	if err := kjson.UnmarshalCaseSensitivePreserveInts(stored, &policy); err != nil {
		return answer{Layer: "decode", Errors: []string{err.Error()}}
	}
	return parsed(parseClusterwide(&policy))
}

func parsed(err error) answer {
	if err != nil {
		return answer{Layer: "parse", Errors: []string{err.Error()}}
	}
	return answer{}
}
