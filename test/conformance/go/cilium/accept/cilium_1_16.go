//go:build cilium_1_16

package main

import (
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/policy/api"
)

// The agent of 1.16 replaces references to CIDR groups by their networks before it parses (pkg/policy/k8s/cilium_cidr_group.go).

func parseNamespaced(p *v2.CiliumNetworkPolicy) error {
	replaceGroups(append(p.Specs, p.Spec))
	_, err := p.Parse()
	return err
}

func parseClusterwide(p *v2.CiliumClusterwideNetworkPolicy) error {
	replaceGroups(append(p.Specs, p.Spec))
	_, err := p.Parse()
	return err
}

func replaceGroups(rules api.Rules) {
	for _, rule := range rules {
		if rule == nil {
			continue
		}
		for _, item := range rule.Ingress {
			fill(item.FromCIDRSet)
		}
		for _, item := range rule.IngressDeny {
			fill(item.FromCIDRSet)
		}
		for _, item := range rule.Egress {
			fill(item.ToCIDRSet)
		}
		for _, item := range rule.EgressDeny {
			fill(item.ToCIDRSet)
		}
	}
}

// fill acts as if every group existed and held one network.
func fill(set api.CIDRRuleSlice) {
	for i := range set {
		if set[i].CIDRGroupRef != "" && set[i].Cidr == "" {
			set[i].Cidr, set[i].CIDRGroupRef = "192.0.2.0/24", ""
		}
	}
}
