// SPDX-License-Identifier: Apache-2.0

// Judges manifests on standard input as the API server does: decodes each document strictly, fills in the defaults, and
// validates what comes out. Prints one line for each object, "Kind name", and ends with status 1 and the server's words
// where it would refuse one. Kinds that are not Kubernetes' own (ExternalSecret) are refused: nothing here knows them.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/rbac"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	rbacvalidation "k8s.io/kubernetes/pkg/apis/rbac/validation"
	"k8s.io/kubernetes/pkg/capabilities"
)

func validate(object runtime.Object) (string, field.ErrorList) {
	options := corevalidation.PodValidationOptions{}
	switch one := object.(type) {
	case *apps.DaemonSet:
		return one.Name, appsvalidation.ValidateDaemonSet(one, options)
	case *batch.CronJob:
		return one.Name, batchvalidation.ValidateCronJobCreate(one, options)
	case *batch.Job:
		// Its selector is made by the server, as for the jobs of a CronJob, and so what is left is valid in one.
		wrapped := &batch.CronJob{ObjectMeta: one.ObjectMeta, Spec: batch.CronJobSpec{
			Schedule: "* * * * *", ConcurrencyPolicy: batch.ForbidConcurrent, JobTemplate: batch.JobTemplateSpec{Spec: one.Spec}}}
		return one.Name, batchvalidation.ValidateCronJobCreate(wrapped, options)
	case *core.Secret:
		return one.Name, corevalidation.ValidateSecret(one)
	case *core.ServiceAccount:
		return one.Name, corevalidation.ValidateServiceAccount(one)
	case *rbac.Role:
		return one.Name, rbacvalidation.ValidateRole(one)
	case *rbac.RoleBinding:
		return one.Name, rbacvalidation.ValidateRoleBinding(one)
	}
	return "", field.ErrorList{field.NotSupported(field.NewPath("kind"), fmt.Sprintf("%T", object), []string{})}
}

func run() error {
	capabilities.Setup(true, 0) // as API servers are started since 1.13: privileged containers are for admission to refuse
	decoder := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object, kind, err := decoder.Decode(document, nil, nil)
		if err != nil {
			return err
		}
		name, problems := validate(object)
		if len(problems) > 0 {
			return fmt.Errorf("%s %s: %w", kind.Kind, name, problems.ToAggregate())
		}
		fmt.Println(kind.Kind, name)
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
