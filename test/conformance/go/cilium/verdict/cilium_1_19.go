//go:build cilium_1_19

package main

import (
	"net/netip"

	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	policytypes "github.com/cilium/cilium/pkg/policy/types"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
)

func start() {
	option.Config.AllowLocalhost = option.AllowLocalhostAlways
	startAll()
}

func prefixesOf(rules api.Rules) []netip.Prefix {
	return policy.GetCIDRPrefixes(policyutils.RulesToPolicyEntries(rules))
}

// groupLabels is pkg/policy/k8s cidrsAndLabelsForCIDRGroup.
func groupLabels(g v2.CiliumCIDRGroup) labels.Labels {
	l := labels.Labels{}
	for key, value := range k8sutils.RemoveCiliumLabels(g.Labels) {
		plain := labels.NewLabel(key, value, labels.LabelSourceCIDRGroup)
		encoded := labels.EncodedCIDRGroupLabel(plain.Key, plain.Value, plain.Source)
		l[plain.Key], l[encoded.Key] = plain, encoded
	}
	name := api.LabelForCIDRGroupRef(g.Name)
	l[name.Key] = name
	return l
}

func selects(s api.EndpointSelector, l labels.LabelArray) bool {
	return policytypes.NewLabelSelector(s).Matches(l)
}

func addIdentities(repo *policy.Repository, peers, subjects identities, _ portsByIdentity) {
	repo.GetSelectorCache().UpdateIdentities(peers, nil, group())
	repo.GetSubjectSelectorCache().UpdateIdentities(subjects, nil, group())
}

func replace(repo *policy.Repository, p parsed) {
	repo.ReplaceByResource(policyutils.RulesToPolicyEntries(p.rules), p.resource)
}

func (o *owner) PreviousMapState() *policy.MapState { return nil }
