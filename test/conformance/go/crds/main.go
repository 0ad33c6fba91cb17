// Prints Cilium's custom resource definitions as its own Go code carries them: a JSON list, ready to be posted.
package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
)

func main() {
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	names := []string{
		client.CNPCRDName, client.CCNPCRDName, client.CEPCRDName, client.CIDCRDName, client.CCGCRDName,
	}
	crds := make([]apiextensionsv1.CustomResourceDefinition, 0, len(names))
	for _, name := range names {
		crds = append(crds, client.GetPregeneratedCRD(logger, name))
	}
	if err := json.NewEncoder(os.Stdout).Encode(crds); err != nil {
		os.Exit(1)
	}
}
