//go:build cilium_1_18

package main

import (
	"net/netip"

	"github.com/cilium/cilium/pkg/fqdn/re"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
)

func start() {
	option.Config.AllowLocalhost = option.AllowLocalhostAlways
	check(re.InitRegexCompileLRU(silent, 128))
	startAll()
}

func prefixesOf(rules api.Rules) []netip.Prefix { return policy.GetCIDRPrefixes(rules) }

// groupLabels is pkg/policy/k8s applyCIDRGroup.
func groupLabels(g v2.CiliumCIDRGroup) labels.Labels {
	l := labels.Map2Labels(k8sutils.RemoveCiliumLabels(g.Labels), labels.LabelSourceCIDRGroup)
	name := api.LabelForCIDRGroupRef(g.Name)
	l[name.Key] = name
	return l
}

func selects(s api.EndpointSelector, l labels.LabelArray) bool { return s.Matches(l) }

// One cache of selectors serves peers and subjects alike.
func addIdentities(repo *policy.Repository, all, _ identities, _ portsByIdentity) {
	repo.GetSelectorCache().UpdateIdentities(all, nil, group())
}

func replace(repo *policy.Repository, p parsed) { repo.ReplaceByResource(p.rules, p.resource) }

func (o *owner) MapStateSize() int { return 0 }
