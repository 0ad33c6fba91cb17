//go:build cilium_1_18 || cilium_1_19 || cilium_1_20

package main

import (
	"io"
	"log/slog"

	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/logging"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

var logger = slog.New(slog.NewTextHandler(io.Discard, nil))

func init() { logging.SetSlogLevel(slog.Level(100)) }

func definition(name string) apiextensionsv1.CustomResourceDefinition {
	return client.GetPregeneratedCRD(logger, name)
}

const clusterName = "default"

func parseNamespaced(p *v2.CiliumNetworkPolicy) error {
	_, err := p.Parse(logger, clusterName)
	return err
}

func parseClusterwide(p *v2.CiliumClusterwideNetworkPolicy) error {
	_, err := p.Parse(logger, clusterName)
	return err
}
