//go:build cilium_1_18 || cilium_1_19

package main

import (
	"net/netip"
	"slices"

	clustermesh "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	discoveryv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/discovery/v1"
	metav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/spanstat"
	"github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

func parse(p *v2.CiliumNetworkPolicy, with config) (api.Rules, error) {
	local := clustermesh.PolicyConfig{PolicyDefaultLocalCluster: with.LocalCluster}
	return p.Parse(silent, clustermesh.LocalClusterNameForPolicies(local, with.Cluster))
}

// podIdentity is pkg/endpoint/metadata FetchK8sMetadataForEndpointFromPod.
func podIdentity(ns corev1.Namespace, p *corev1.Pod) (labels.Labels, namedPorts) {
	ports, written := k8s.GetPodMetadata(silent, &ns, p)
	l, _ := labelsfilter.Filter(labels.Map2Labels(written, labels.LabelSourceK8s))
	known := types.NamedPortMap{}
	for _, port := range ports {
		if port.Name != "" {
			known.AddPort(port.Name, int(port.ContainerPort), string(port.Protocol))
		}
	}
	named := namedPorts{}
	for name, port := range known {
		named[name] = namedPort{port.Port, port.Proto}
	}
	return l, named
}

// services does by hand what pkg/policy/k8s resolveToServices does, which is not exported before 1.20.
type services struct {
	known     []corev1.Service
	addresses map[string][]netip.Addr
}

func newServices(known []corev1.Service, all []discoveryv1.EndpointSlice) services {
	s := services{known, map[string][]netip.Addr{}}
	for i := range all {
		name := all[i].Namespace + "/" + all[i].Labels["kubernetes.io/service-name"]
		for addr, backend := range k8s.ParseEndpointSliceV1(silent, &all[i]).Backends {
			if len(backend.Ports) > 0 && (!addr.Is6() || option.Config.EnableIPv6) {
				s.addresses[name] = append(s.addresses[name], addr.Addr())
			}
		}
		slices.SortFunc(s.addresses[name], netip.Addr.Compare)
	}
	return s
}

func (s services) backends(namespace, name string) []netip.Addr {
	return s.addresses[namespace+"/"+name]
}

func (s services) resolve(p *v2.CiliumNetworkPolicy) {
	for _, rule := range append([]*api.Rule{p.Spec}, p.Specs...) {
		if rule == nil {
			continue
		}
		for i := range rule.Egress {
			for _, wanted := range rule.Egress[i].ToServices {
				s.translate(&rule.Egress[i], wanted)
			}
		}
	}
}

func (s services) translate(rule *api.EgressRule, wanted api.Service) {
	for _, service := range s.known {
		if !isMeant(wanted, service) {
			continue
		}
		if len(service.Spec.Selector) == 0 {
			for _, addr := range s.backends(service.Namespace, service.Name) {
				cidr := api.CIDR(netip.PrefixFrom(addr, addr.BitLen()).String())
				rule.ToCIDRSet = append(rule.ToCIDRSet, api.CIDRRule{Cidr: cidr, Generated: true})
			}
			continue
		}
		pods := map[string]string{"io.kubernetes.pod.namespace": service.Namespace}
		for key, value := range service.Spec.Selector {
			pods[key] = value
		}
		selector := api.NewESFromK8sLabelSelector(labels.LabelSourceK8sKeyPrefix, &metav1.LabelSelector{MatchLabels: pods})
		selector.Generated = true
		rule.ToEndpoints = append(rule.ToEndpoints, selector)
	}
}

func isMeant(wanted api.Service, s corev1.Service) bool {
	in := func(namespace string) bool { return namespace == "" || namespace == s.Namespace }
	if by := wanted.K8sServiceSelector; by != nil {
		selector := api.NewESFromK8sLabelSelector(labels.LabelSourceAnyKeyPrefix, api.EndpointSelector(by.Selector).LabelSelector)
		return in(by.Namespace) && selects(selector, labels.Map2Labels(s.Labels, labels.LabelSourceK8s).LabelArray())
	}
	by := wanted.K8sService
	return by != nil && in(by.Namespace) && by.ServiceName == s.Name
}

func portTable(all portsByIdentity) types.NamedPortMultiMap {
	table := types.NewNamedPortMultiMap()
	for _, pods := range all {
		for _, ports := range pods {
			table.Update(nil, ports.kubernetes())
		}
	}
	return table
}

func (r *repository) selectorPolicy(id *identityOf) (policy.SelectorPolicy, error) {
	r.manager.Add(id)
	found, _, err := r.GetSelectorPolicy(id, 0, &statistics{}, uint64(id.ID))
	return found, err
}

type statistics struct{ waiting, computing spanstat.SpanStat }

func (s *statistics) WaitingForPolicyRepository() *spanstat.SpanStat { return &s.waiting }
func (s *statistics) SelectorPolicyCalculation() *spanstat.SpanStat  { return &s.computing }

func (r *repository) distill(s policy.SelectorPolicy, o *owner) *policy.EndpointPolicy {
	realized := map[string]uint16{}
	for filter, per := range s.RedirectFilters() {
		port := filter.Port
		if port == 0 && filter.PortName != "" {
			port = o.GetNamedPort(filter.Ingress, filter.PortName, filter.U8Proto)
		}
		realized[policy.ProxyID(uint16(o.id), filter.Ingress, string(filter.Protocol), port, per.Policy.GetListener())] = 1
	}
	return s.DistillPolicy(silent, o, realized)
}

// GetNamedPort gives at egress the one number that all pods give a name, none when they differ (Endpoint.GetNamedPort).
func (o *owner) GetNamedPort(ingress bool, name string, proto u8proto.U8proto) uint16 {
	if ingress {
		return o.ports.find(name, proto)
	}
	port, _ := portTable(o.all).GetNamedPort(name, proto)
	return port
}
