package main

import (
	"fmt"
	"io"
	"log/slog"

	"sigs.k8s.io/yaml"

	ipcache "github.com/cilium/cilium/pkg/ipcache/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/policy/api"
)

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// parsed is a policy as the agent files it.
type parsed struct {
	resource ipcache.ResourceID
	rules    api.Rules
}

// parsePolicies does what the agent's watcher does: services first, then Parse. Of several policies of one name the last one counts.
func parsePolicies(q question, c *cluster) ([]parsed, error) {
	var all []parsed
	for _, text := range q.Policies {
		p, err := parsePolicy(text, q.Config, c)
		if err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, text)
		}
		all = append(all, p)
	}
	return all, nil
}

func parsePolicy(text string, with config, c *cluster) (parsed, error) {
	policy := &v2.CiliumNetworkPolicy{}
	if err := yaml.Unmarshal([]byte(text), policy); err != nil {
		return parsed{}, err
	}
	kind := ipcache.ResourceKindCNP
	if policy.Kind == "CiliumClusterwideNetworkPolicy" {
		kind = ipcache.ResourceKindCCNP
		policy.Namespace = ""
	}
	c.lookup.resolve(policy)
	rules, err := parse(policy, with)
	return parsed{ipcache.NewResourceID(kind, policy.Namespace, policy.Name), rules}, err
}
