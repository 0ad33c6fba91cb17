//go:build cilium_1_20

package main

import (
	"net/netip"

	"github.com/cilium/statedb"

	clustermesh "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	discoveryv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/discovery/v1"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	policyk8s "github.com/cilium/cilium/pkg/policy/k8s"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
	"github.com/cilium/cilium/pkg/source"
	"github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

func start() {
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostAlways
	startAll()
}

func parse(p *v2.CiliumNetworkPolicy, with config) (api.Rules, error) {
	local := clustermesh.PolicyConfig{PolicyDefaultLocalCluster: with.LocalCluster}
	return p.Parse(silent, clustermesh.LocalClusterNameForPolicies(local, with.Cluster))
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

// podIdentity is pkg/endpoint/metadata FetchK8sMetadataForEndpoint.
func podIdentity(ns corev1.Namespace, p *corev1.Pod) (labels.Labels, namedPorts) {
	ports, written := k8s.GetPodMetadata(silent, &ns, p)
	l, _ := labelsfilter.Filter(labels.Map2Labels(written, labels.LabelSourceK8s))
	for _, generated := range k8s.NamedPortsIdentityLabels(ports) {
		l[generated.Key] = generated
	}
	named := namedPorts{}
	for name, port := range ports {
		named[name] = namedPort{port.Port, port.Proto}
	}
	return l, named
}

// services answers from Cilium's tables of services and backends.
type services struct {
	read    statedb.ReadTxn
	table   statedb.RWTable[*loadbalancer.Service]
	backing statedb.RWTable[*loadbalancer.Backend]
}

func newServices(known []corev1.Service, slices []discoveryv1.EndpointSlice) services {
	db := statedb.New()
	table, err := loadbalancer.NewServicesTable(loadbalancer.DefaultConfig, db)
	check(err)
	backing, err := loadbalancer.NewBackendsTable(db)
	check(err)
	txn := db.WriteTxn(table, backing)
	for _, s := range known {
		table.Insert(txn, &loadbalancer.Service{
			Name: loadbalancer.NewServiceName(s.Namespace, s.Name), Source: source.Kubernetes, Selector: s.Spec.Selector,
			Labels: labels.Map2Labels(s.Labels, string(source.Kubernetes)),
		})
	}
	for i := range slices {
		of := loadbalancer.NewServiceName(slices[i].Namespace, slices[i].Labels["kubernetes.io/service-name"])
		for addr, backend := range k8s.ParseEndpointSliceV1(silent, &slices[i]).Backends {
			if addr.Is6() && !option.Config.EnableIPv6 {
				continue
			}
			for port := range backend.Ports {
				at := loadbalancer.NewL3n4Addr(port.Protocol, addr, port.Port, loadbalancer.ScopeExternal)
				backing.Insert(txn, &loadbalancer.Backend{ServiceName: of, Address: at, Source: source.Kubernetes})
			}
		}
	}
	return services{txn.Commit(), table, backing}
}

func (s services) resolve(p *v2.CiliumNetworkPolicy) {
	policyk8s.ResolveToServices(s.read, s.table, s.backing, p)
}

func (s services) backends(namespace, name string) (found []netip.Addr) {
	all, _ := loadbalancer.ListBackendsByServiceName(s.read, s.backing, loadbalancer.NewServiceName(namespace, name))
	for b := range all {
		found = append(found, b.Address.Addr())
	}
	return found
}

// portTable is what ipcache tells of named ports, by identity.
func portTable(all portsByIdentity) types.NamedPortMultiMap {
	table := types.NewNamedPortMultiMap()
	for id, pods := range all {
		for _, ports := range pods {
			table.Update(id, nil, ports.kubernetes())
		}
	}
	return table
}

type portsGetter struct{ types.NamedPortMultiMap }

func (p portsGetter) GetNamedPorts() types.NamedPortMultiMap { return p.NamedPortMultiMap }

func addIdentities(repo *policy.Repository, peers, subjects identities, ports portsByIdentity) {
	repo.SetNamedPortsGetter(portsGetter{portTable(ports)})
	repo.GetSelectorCache().UpdateIdentities(peers, nil, group())
	repo.UpdateIdentities(subjects, nil)
}

func replace(repo *policy.Repository, p parsed) {
	repo.ReplaceByResource(policyutils.RulesToPolicyEntries(p.rules), p.resource)
}

func (r *repository) selectorPolicy(id *identityOf) (policy.SelectorPolicy, error) {
	found, _, err := r.ComputeSelectorPolicy(id)
	return found, err
}

func (r *repository) distill(s policy.SelectorPolicy, o *owner) *policy.EndpointPolicy {
	return s.DistillPolicy(silent, o, map[string]uint16{policy.FallbackRedirectID: 1})
}

func (o *owner) GetIngressNamedPort(name string, proto u8proto.U8proto) uint16 {
	return o.ports.find(name, proto)
}
func (o *owner) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }
