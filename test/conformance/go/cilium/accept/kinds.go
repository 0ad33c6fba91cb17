package main

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
)

// kind is one of the two kinds of policies, as its definition makes the server treat it.
type kind struct {
	namespaced bool
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
	// hasStatus: the status is a resource of its own, and a create drops what is written of it.
	hasStatus bool
}

const policyVersion = "v2"

func definitions() []apiextensionsv1.CustomResourceDefinition {
	return []apiextensionsv1.CustomResourceDefinition{definition(client.CNPCRDName), definition(client.CCNPCRDName)}
}

func loadKinds() (map[string]*kind, error) {
	kinds := map[string]*kind{}
	for _, d := range definitions() {
		for _, version := range d.Spec.Versions {
			if version.Name != policyVersion {
				continue
			}
			k, err := newKind(d.Spec.Scope == apiextensionsv1.NamespaceScoped, version)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			kinds[d.Spec.Names.Kind] = k
		}
	}
	if len(kinds) != 2 {
		return nil, fmt.Errorf("%d kinds have a version %s", len(kinds), policyVersion)
	}
	return kinds, nil
}

func newKind(namespaced bool, version apiextensionsv1.CustomResourceDefinitionVersion) (*kind, error) {
	var internal apiextensions.CustomResourceValidation
	err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, &internal, nil)
	if err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &kind{
		namespaced: namespaced,
		structural: structural,
		validator:  validator,
		rules:      cel.NewValidator(structural, true, celconfig.PerCallLimit),
		hasStatus:  version.Subresources != nil && version.Subresources.Status != nil,
	}, nil
}

// kindOf finds the kind of an object, or says why it is no policy.
func kindOf(object map[string]any, kinds map[string]*kind) (*kind, *answer) {
	name, _ := object["kind"].(string)
	version, _ := object["apiVersion"].(string)
	k := kinds[name]
	if k == nil || version != "cilium.io/"+policyVersion {
		return nil, &answer{Layer: "kind", Errors: []string{fmt.Sprintf("%q of %q", name, version)}}
	}
	return k, nil
}
