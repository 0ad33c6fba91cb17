//go:build cilium_1_16 || cilium_1_17

package main

import (
	"io"

	"github.com/cilium/cilium/pkg/fqdn/re"
	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
	"github.com/cilium/cilium/pkg/logging"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// The agent makes the cache when it starts; without it every FQDN is refused.
func init() {
	logging.DefaultLogger.SetOutput(io.Discard)
	check(re.InitRegexCompileLRU(128))
}

func definition(name string) apiextensionsv1.CustomResourceDefinition {
	return client.GetPregeneratedCRD(name)
}
