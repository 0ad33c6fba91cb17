package main

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/u8proto"
)

// agent is what one node's agent knows: identities, what prefixes are labelled with, and the policy computed from them.
type agent struct {
	node     string
	cluster  *cluster
	config   config
	names    []api.FQDNSelector
	prefixes map[netip.Prefix]labels.Labels
	byLabels map[string]*identity.Identity
	all      identity.IdentityMap
	ports    map[identity.NumericIdentity][]namedPorts
	next     identity.NumericIdentity
	local    identity.NumericIdentity
	host     *identity.Identity
	computed *repository
}

type namedPort struct {
	number uint16
	proto  u8proto.U8proto
}

type namedPorts map[string]namedPort

// newAgent knows every identity before policy is computed: those of all ends of the question's flows among them.
func newAgent(name string, c *cluster, policies []parsed, q question) *agent {
	a := &agent{
		node: name, cluster: c, config: q.Config, prefixes: map[netip.Prefix]labels.Labels{}, byLabels: map[string]*identity.Identity{},
		all: identity.IdentityMap{}, ports: map[identity.NumericIdentity][]namedPorts{}, next: 256, local: identity.IdentityScopeLocal,
	}
	identity.IterateReservedIdentities(func(n identity.NumericIdentity, id *identity.Identity) { a.all[n] = id.LabelArray })
	a.learnPrefixes(policies)
	a.host = identity.NewIdentity(identity.ReservedIdentityHost, a.hostLabels())
	a.all[a.host.ID] = a.host.LabelArray
	for _, key := range slices.Sorted(maps.Keys(c.pods)) {
		if p := c.pods[key]; !p.hostNetwork {
			id, ports := a.pod(p)
			a.ports[id.ID] = append(a.ports[id.ID], ports)
		}
	}
	for _, f := range q.Flows {
		a.looks(f.From)
		a.looks(f.To)
	}
	a.computed = newRepository(a.all, a.ports, policies)
	return a
}

func (a *agent) pod(p *pod) (*identity.Identity, namedPorts) {
	l, ports := podIdentity(a.cluster.namespaces[p.Namespace], p.Pod)
	if addr, err := netip.ParseAddr(p.Status.PodIP); err == nil && slices.Contains(a.config.CIDRMatch, "pods") {
		l.MergeLabels(a.addressLabels(addr, labels.LabelArray{labels.ParseLabel(wildcardOf(addr))}))
	}
	return a.identify(l), ports
}

func wildcardOf(addr netip.Addr) string {
	if addr.Is4() {
		return "cidr:0.0.0.0/0"
	}
	return "cidr:::/0"
}

// addressLabels are those of source cidr and cidrgroup that the ipcache has for an address in the cluster; otherwise has no cidr one.
func (a *agent) addressLabels(addr netip.Addr, otherwise labels.LabelArray) labels.Labels {
	found := labels.Labels{}
	l := a.metadata(netip.PrefixFrom(addr, addr.BitLen()), nil)
	for key, x := range l {
		if x.Source == labels.LabelSourceCIDR || x.Source == labels.LabelSourceCIDRGroup {
			found[key] = x
		}
	}
	if !hasAny(found, isCIDR) {
		for _, x := range otherwise {
			found[x.Key] = x
		}
	}
	return found
}

// identify finds or allocates the identity with these labels.
func (a *agent) identify(l labels.Labels) *identity.Identity {
	if id := identity.LookupReservedIdentityByLabels(l); id != nil {
		return id
	}
	key := string(l.SortedList())
	if a.byLabels[key] == nil {
		a.next++
		n := a.next
		if scope := identity.ScopeForLabels(l); scope != identity.IdentityScopeGlobal {
			a.local++
			n = a.local&^identity.IdentityScopeMask | scope
		}
		a.byLabels[key] = identity.NewIdentity(n, l)
		a.all[n] = a.byLabels[key].LabelArray
	}
	return a.byLabels[key]
}

// hostLabels are the labels of the agent's own node.
func (a *agent) hostLabels() labels.Labels {
	l := labels.NewFrom(labels.LabelHost)
	if a.cluster.servesAt(a.node) {
		l.MergeLabels(labels.LabelKubeAPIServer)
	}
	l.MergeLabels(a.nodeLabels(a.node))
	return l
}

// ownLabels are those of the host endpoint, by which policies for nodes select it (pkg/endpoint InitWithNodeLabels).
func (a *agent) ownLabels() labels.Labels {
	l, _ := labelsfilter.Filter(labels.Map2Labels(a.cluster.nodes[a.node].labels, labels.LabelSourceK8s))
	l.MergeLabels(labels.LabelHost)
	return l
}

// nodeLabels are those that every agent gives a node beside its reserved label (pkg/node/manager nodeIdentityLabels).
func (a *agent) nodeLabels(name string) labels.Labels {
	l := labels.Labels{}
	if a.config.NodeLabels {
		l.MergeLabels(labels.Map2Labels(a.cluster.nodes[name].labels, labels.LabelSourceNode))
		l.MergeLabels(labels.Map2Labels(map[string]string{"io.cilium.k8s.policy.cluster": a.config.Cluster}, labels.LabelSourceK8s))
	}
	if slices.Contains(a.config.CIDRMatch, "nodes") {
		for _, addr := range a.cluster.nodes[name].addresses {
			l.MergeLabels(a.addressLabels(addr, nil))
			for key, own := range labels.GetCIDRLabels(netip.PrefixFrom(addr, addr.BitLen())) {
				if isCIDR(own) {
					l[key] = own
				}
			}
		}
	}
	return l
}

func (a *agent) remoteNode(name string) *identity.Identity {
	l := labels.NewFrom(labels.LabelRemoteNode)
	if a.cluster.serves(name) {
		l.MergeLabels(labels.LabelKubeAPIServer)
	}
	l.MergeLabels(a.nodeLabels(name))
	return a.identify(l)
}

// learnPrefixes fills the ipcache's metadata: prefixes of policies, of CIDR groups, and of an API server outside.
func (a *agent) learnPrefixes(policies []parsed) {
	learn := func(p netip.Prefix, l labels.Labels) {
		p = p.Masked()
		if a.prefixes[p] == nil {
			a.prefixes[p] = labels.Labels{}
		}
		for key, label := range l {
			if _, there := a.prefixes[p][key]; !there {
				a.prefixes[p][key] = label
			}
		}
	}
	for _, p := range policies {
		for _, r := range p.rules {
			for _, e := range r.Egress {
				a.names = append(a.names, e.ToFQDNs...)
			}
		}
		for _, prefix := range prefixesOf(p.rules) {
			learn(prefix, labels.GetCIDRLabels(prefix))
		}
	}
	for _, g := range a.cluster.groups {
		for _, text := range g.Spec.ExternalCIDRs {
			if prefix, err := netip.ParsePrefix(string(text)); err == nil {
				learn(prefix, groupLabels(g))
			}
		}
	}
	for _, addr := range a.cluster.api() {
		if !a.cluster.isNode(addr) {
			learn(netip.PrefixFrom(addr, addr.BitLen()), labels.LabelKubeAPIServer)
		}
	}
}

// outside is the identity of everything in a network that no known prefix divides.
func (a *agent) outside(network netip.Prefix, extra labels.Labels) *identity.Identity {
	l := a.metadata(network, extra)
	l.AddWorldLabel(network.Addr())
	return a.identify(l)
}

// metadata merges what is known of the prefixes that hold a network: of longer ones first, and one cidr label at most (pkg/ipcache mergeLabels).
func (a *agent) metadata(network netip.Prefix, extra labels.Labels) labels.Labels {
	holding := []netip.Prefix{}
	for p := range a.prefixes {
		if p.Bits() <= network.Bits() && p.Contains(network.Addr()) {
			holding = append(holding, p)
		}
	}
	slices.SortFunc(holding, func(p, q netip.Prefix) int { return q.Bits() - p.Bits() })
	l := labels.NewFrom(extra)
	for _, p := range holding {
		for key, label := range a.prefixes[p] {
			if _, there := l[key]; there || isCIDR(label) && hasAny(l, isCIDR) {
				continue
			}
			l[key] = label
		}
	}
	return l
}

func isCIDR(x labels.Label) bool { return x.Source == labels.LabelSourceCIDR }

func hasAny(l labels.Labels, is func(labels.Label) bool) bool {
	for _, x := range l {
		if is(x) {
			return true
		}
	}
	return false
}

// named gives the labels of an address that was learned for a name (pkg/fqdn/namemanager).
func (a *agent) named(name string) labels.Labels {
	l := labels.Labels{}
	for _, selector := range a.names {
		if re, err := selector.ToRegex(); err == nil && re.MatchString(strings.ToLower(strings.TrimSuffix(name, "."))+".") {
			label := selector.IdentityLabel()
			l[label.Key] = label
		}
	}
	return l
}

var everywhere = netip.MustParsePrefix("0.0.0.0/0")

// looks lists what this agent takes an end for: the identity to go by, then for a name the one without it, and those in each prefix.
func (a *agent) looks(e end) []*identity.Identity {
	switch {
	case e.Pod != "":
		if p := a.cluster.pods[e.Pod]; p.hostNetwork {
			return a.looks(end{Node: p.Spec.NodeName})
		} else {
			id, _ := a.pod(p)
			return []*identity.Identity{id}
		}
	case e.Node != "" && e.Node == a.node:
		return []*identity.Identity{a.host}
	case e.Node != "":
		return []*identity.Identity{a.remoteNode(e.Node)}
	case e.Address != "":
		addr := netip.MustParseAddr(e.Address)
		return []*identity.Identity{a.outside(netip.PrefixFrom(addr, addr.BitLen()), nil)}
	case e.Name != "":
		found := []*identity.Identity{a.outside(everywhere, a.named(e.Name)), a.outside(everywhere, nil)}
		if a.config.IPv6 {
			found = append(found, a.outside(netip.MustParsePrefix("::/0"), a.named(e.Name)))
		}
		for _, p := range slices.SortedFunc(maps.Keys(a.prefixes), func(p, q netip.Prefix) int { return strings.Compare(p.String(), q.String()) }) {
			if p.Bits() > 0 && (p.Addr().Is4() || a.config.IPv6) {
				found = append(found, a.outside(p, a.named(e.Name)))
			}
		}
		return found
	case e.Entity == "host":
		return []*identity.Identity{a.host}
	case e.Entity == "world":
		return []*identity.Identity{a.outside(everywhere, nil)}
	}
	n := identity.GetReservedID(e.Entity)
	return []*identity.Identity{identity.NewIdentity(n, a.all[n].Labels())}
}

// subject is the identity under which an end has a policy here, and its named ports; nil when it has none.
func (a *agent) subject(e end) (*identity.Identity, namedPorts) {
	switch {
	case e.Pod != "" && !a.cluster.pods[e.Pod].hostNetwork:
		return a.pod(a.cluster.pods[e.Pod])
	case e.Entity == "health" || e.Entity == "ingress" || e.Entity == "init":
		return a.looks(e)[0], nil
	case (e.Node != "" || e.Pod != "") && a.config.HostFirewall:
		return identity.NewIdentity(identity.ReservedIdentityHost, a.ownLabels()), nil
	}
	return nil, nil
}

// side answers for one end of a flow.
func (a *agent) side(self, other end, ingress bool, f flow) (say, error) {
	id, ports := a.subject(self)
	if id == nil {
		return say{Says: "none"}, nil
	}
	proto, err := u8proto.ParseProtocol(f.Protocol)
	if err != nil {
		return say{}, err
	}
	policy := a.computed.policyOf(id, ports)
	if policy == nil {
		return say{Says: "failed"}, nil
	}
	var words []string
	for _, peer := range a.looks(other) {
		if _, known := a.all[peer.ID]; !known {
			return say{}, fmt.Errorf("no agent was told of %s", peer.LabelArray)
		}
		words = append(words, policy.verdict(ingress, peer.ID, proto, f.Port))
	}
	s := say{Says: words[0]}
	if len(words) > 1 {
		s.Unlearned, s.Inside = words[1], words[2:]
	}
	return s, nil
}
