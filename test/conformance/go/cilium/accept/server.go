package main

import (
	"context"
	"fmt"
	"sort"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// admit does what a create request with fieldValidation=Strict does to a decoded object, and changes it so: metadata, unknown fields, nulls
// (k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go unstructuredSchemaCoercer), then defaults and validation.
func (k *kind) admit(d document) *answer {
	u := &unstructured.Unstructured{Object: d.object}
	kindName, apiVersion := u.GetKind(), u.GetAPIVersion()
	var unknown []string
	meta, found, extra, err := objectmeta.GetObjectMetaWithOptions(d.object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return &answer{Layer: "schema", Errors: []string{"metadata: " + err.Error()}}
	}
	unknown = append(unknown, extra...)
	unknown = append(unknown, pruning.PruneWithOptions(d.object, k.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(d.object, k.structural)
	coerceError, extra := objectmeta.CoerceWithOptions(nil, d.object, k.structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if coerceError != nil {
		return &answer{Layer: "schema", Errors: []string{coerceError.Error()}}
	}
	unknown = append(unknown, extra...)
	u.SetKind(kindName)
	u.SetAPIVersion(apiVersion)
	if found {
		if err := objectmeta.SetObjectMeta(d.object, meta); err != nil {
			return &answer{Layer: "schema", Errors: []string{"metadata: " + err.Error()}}
		}
	}
	if failed := strict(d.doubled, unknown); failed != nil {
		return failed
	}
	k.prepare(u)
	if errors := k.validate(u); len(errors) > 0 {
		return &answer{Layer: "schema", Errors: errors}
	}
	return nil
}

func strict(doubled string, unknown []string) *answer {
	var errors []string
	if doubled != "" {
		errors = append(errors, doubled)
	}
	sort.Strings(unknown)
	for _, path := range unknown {
		errors = append(errors, fmt.Sprintf("unknown field %q", path))
	}
	if errors == nil {
		return nil
	}
	return &answer{Layer: "strict", Errors: errors}
}

// prepare fills in and drops what the server does before it validates (k8s.io/apiserver pkg/registry/rest/create.go BeforeCreate).
func (k *kind) prepare(u *unstructured.Unstructured) {
	defaulting.Default(u.Object, k.structural)
	u.SetCreationTimestamp(metav1.Time{})
	u.SetUID("")
	u.SetDeletionTimestamp(nil)
	u.SetDeletionGracePeriodSeconds(nil)
	u.SetSelfLink("")
	u.SetManagedFields(nil)
	switch {
	case !k.namespaced:
		u.SetNamespace("")
	case u.GetNamespace() == "":
		u.SetNamespace("default")
	}
	if prefix := u.GetGenerateName(); u.GetName() == "" && prefix != "" {
		u.SetName(prefix[:min(len(prefix), 58)] + "abcde")
	}
	if k.hasStatus {
		delete(u.Object, "status")
	}
	u.SetGeneration(1)
}

// validate is customResourceStrategy.Validate: CEL rules are left out after errors that make them meaningless.
func (k *kind) validate(u *unstructured.Unstructured) []string {
	all := apivalidation.ValidateObjectMetaAccessor(u, k.namespaced, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	all = append(all, validation.ValidateCustomResource(nil, u.Object, k.validator)...)
	all = append(all, objectmeta.Validate(nil, u.Object, k.structural, false)...)
	all = append(all, listtype.ValidateListSetsAndMaps(nil, k.structural, u.Object)...)
	if k.rules != nil && !blocksRules(all) {
		more, _ := k.rules.Validate(context.Background(), nil, k.structural, u.Object, nil, celconfig.RuntimeCELCostBudget)
		all = append(all, more...)
	}
	var texts []string
	for _, e := range all {
		texts = append(texts, e.Error())
	}
	sort.Strings(texts)
	return texts
}

func blocksRules(errors field.ErrorList) bool {
	for _, e := range errors {
		switch e.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}
