package main

import (
	"encoding/json"
	"net/netip"
	"slices"

	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	discoveryv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/discovery/v1"
)

// cluster is what all agents watch.
type cluster struct {
	namespaces map[string]corev1.Namespace
	pods       map[string]*pod
	nodes      map[string]node
	services   []corev1.Service
	slices     []discoveryv1.EndpointSlice
	groups     []v2.CiliumCIDRGroup
	lookup     services
}

type pod struct {
	*corev1.Pod
	hostNetwork bool
}

type node struct {
	labels    map[string]string
	addresses []netip.Addr
}

func readCluster(objects []json.RawMessage) (*cluster, error) {
	c := &cluster{namespaces: map[string]corev1.Namespace{}, pods: map[string]*pod{}, nodes: map[string]node{}}
	for _, raw := range objects {
		if err := c.add(raw); err != nil {
			return nil, err
		}
	}
	c.lookup = newServices(c.services, c.slices)
	return c, nil
}

func (c *cluster) add(raw json.RawMessage) error {
	var head struct {
		Kind     string
		Metadata struct {
			Name   string
			Labels map[string]string
		}
		Spec   struct{ HostNetwork bool }
		Status struct {
			Addresses []struct{ Type, Address string }
		}
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return err
	}
	switch head.Kind {
	case "Namespace":
		return decode(raw, func(n corev1.Namespace) { c.namespaces[n.Name] = n })
	case "Pod":
		return decode(raw, func(p *corev1.Pod) { c.pods[p.Namespace+"/"+p.Name] = &pod{p, head.Spec.HostNetwork} })
	case "Service":
		return decode(raw, func(s corev1.Service) { c.services = append(c.services, s) })
	case "EndpointSlice":
		return decode(raw, func(s discoveryv1.EndpointSlice) { c.slices = append(c.slices, s) })
	case "CiliumCIDRGroup":
		return decode(raw, func(g v2.CiliumCIDRGroup) { c.groups = append(c.groups, g) })
	case "Node":
		n := node{labels: head.Metadata.Labels}
		for _, a := range head.Status.Addresses {
			if addr, err := netip.ParseAddr(a.Address); err == nil && (a.Type == "InternalIP" || a.Type == "ExternalIP") {
				n.addresses = append(n.addresses, addr)
			}
		}
		c.nodes[head.Metadata.Name] = n
	}
	return nil
}

func decode[T any](raw json.RawMessage, use func(T)) error {
	var object T
	err := json.Unmarshal(raw, &object)
	if err == nil {
		use(object)
	}
	return err
}

// api lists where the API server is reached: the endpoints of the service default/kubernetes.
func (c *cluster) api() []netip.Addr { return c.lookup.backends("default", "kubernetes") }

// serves tells whether a node runs the API server.
func (c *cluster) serves(name string) bool {
	return slices.ContainsFunc(c.nodes[name].addresses, func(a netip.Addr) bool { return slices.Contains(c.api(), a) })
}

func (c *cluster) isNode(a netip.Addr) bool {
	for _, n := range c.nodes {
		if slices.Contains(n.addresses, a) {
			return true
		}
	}
	return false
}

// nodeOf is the node whose agent decides for an end. Entities are taken to be on a node of no name, or on the only one.
func (c *cluster) nodeOf(e end) string {
	switch {
	case e.Pod != "":
		return c.pods[e.Pod].Spec.NodeName
	case e.Node != "":
		return e.Node
	}
	for name := range c.nodes {
		if len(c.nodes) == 1 && c.serves(name) {
			return name
		}
	}
	return ""
}

// servesAt tells whether the host of an agent runs the API server; the host of a node of no name does when all do.
func (c *cluster) servesAt(name string) bool {
	if name != "" {
		return c.serves(name)
	}
	for n := range c.nodes {
		if !c.serves(n) {
			return false
		}
	}
	return len(c.nodes) > 0
}
