package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/cilium/cilium/pkg/crypto/certificatemanager"
	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	testidentity "github.com/cilium/cilium/pkg/testutils/identity"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	"github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

type (
	identities      = identity.IdentityMap
	identityOf      = identity.Identity
	portsByIdentity = map[identity.NumericIdentity][]namedPorts
)

// startAll sets what the Helm chart's values give an agent, and what no question changes.
func startAll() {
	option.Config.EnableIPv4 = true
	option.Config.EnableL7Proxy = true
	option.Config.EnableICMPRules = true
	option.Config.EnableNonDefaultDenyPolicies = true
	check(labelsfilter.ParseLabelPrefixCfg(silent, nil, nil, ""))
}

// configure sets a question's configuration: Cilium's options are global.
func configure(c config) {
	policy.SetPolicyEnabled(c.Mode)
	option.Config.EnableIPv6 = c.IPv6
	option.Config.EnableNodeSelectorLabels = c.NodeLabels
	option.Config.EnableHostFirewall = c.HostFirewall
	option.Config.PolicyCIDRMatchMode = c.CIDRMatch
	option.Config.ClusterName = c.Cluster
	api.InitEntities(c.Cluster)
}

func group() *sync.WaitGroup { return &sync.WaitGroup{} }

// repository is Cilium's, with the policies of endpoints computed once.
type repository struct {
	*policy.Repository
	manager  identitymanager.IDManager
	ports    portsByIdentity
	computed map[string]*endpointPolicy
}

type endpointPolicy struct{ *policy.EndpointPolicy }

// newRepository tells a repository of identities and named ports first, then of policies.
func newRepository(all identities, ports portsByIdentity, policies []parsed) *repository {
	manager := identitymanager.NewIDManager(silent)
	rules := envoypolicy.NewEnvoyL7RulesTranslator(silent, certificatemanager.NewMockSecretManagerInline())
	repo := policy.NewPolicyRepository(silent, nil, noCertificates{}, rules, manager, testpolicy.NewPolicyMetricsNoop())
	repo.GetSelectorCache().SetLocalIdentityNotifier(testidentity.NewDummyIdentityNotifier())
	addIdentities(repo, maps.Clone(all), maps.Clone(all), ports)
	for _, p := range policies {
		replace(repo, p)
	}
	return &repository{repo, manager, ports, map[string]*endpointPolicy{}}
}

// noCertificates: no generated policy asks for TLS.
type noCertificates struct {
	certificatemanager.CertificateManager
}

// policyOf computes the policy of an endpoint; nil when Cilium cannot.
func (r *repository) policyOf(id *identityOf, ports namedPorts) *endpointPolicy {
	key := fmt.Sprint(id.ID, ports.words())
	if known, done := r.computed[key]; done {
		return known
	}
	r.computed[key] = nil
	selected, err := r.selectorPolicy(id)
	if err != nil {
		return nil
	}
	distilled := r.distill(selected, &owner{id: uint64(id.ID), ports: ports, all: r.ports})
	distilled.Ready()
	r.computed[key] = &endpointPolicy{distilled}
	return r.computed[key]
}

// verdict is one half of pkg/policy LookupFlow.
func (p *endpointPolicy) verdict(ingress bool, peer identity.NumericIdentity, proto u8proto.U8proto, port uint16) string {
	key := policy.EgressKey()
	if ingress {
		key = policy.IngressKey()
	}
	entry, _, _ := p.Lookup(key.WithIdentity(peer).WithPortProto(proto, port))
	if entry.IsDeny() {
		return "denied"
	}
	return "allowed"
}

// owner is the endpoint that a policy is computed for.
type owner struct {
	id    uint64
	ports namedPorts
	all   portsByIdentity
}

func (o *owner) GetID() uint64              { return o.id }
func (o *owner) IsHost() bool               { return o.id == uint64(identity.ReservedIdentityHost) }
func (o *owner) PolicyDebug(string, ...any) {}
func (o *owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

func (n namedPorts) find(name string, proto u8proto.U8proto) uint16 {
	if port := n[name]; port.proto == proto {
		return port.number
	}
	return 0
}

func (n namedPorts) kubernetes() types.NamedPortMap {
	m := types.NamedPortMap{}
	for name, port := range n {
		m[name] = types.PortProto{Port: port.number, Proto: port.proto}
	}
	return m
}

// words tells two sets of named ports apart.
func (n namedPorts) words() (words []string) {
	for _, name := range slices.Sorted(maps.Keys(n)) {
		words = append(words, fmt.Sprint(name, n[name]))
	}
	return words
}
