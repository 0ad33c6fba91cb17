//go:build cilium_1_17

package main

import v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"

func parseNamespaced(p *v2.CiliumNetworkPolicy) error {
	_, err := p.Parse()
	return err
}

func parseClusterwide(p *v2.CiliumClusterwideNetworkPolicy) error {
	_, err := p.Parse()
	return err
}
