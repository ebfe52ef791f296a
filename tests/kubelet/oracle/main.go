// SPDX-License-Identifier: Apache-2.0

// The kubelet's own code for image credential providers, as a program: oracle CONFIG BIN-DIR [ACCOUNTS]
//
// Loads the configuration as a kubelet does at its start. Then reads one image lookup per line of standard input,
// {"image": ..., "namespace": ..., "serviceAccount": ...}, and prints one line of JSON for each: the credentials that
// the kubelet would try, in their order. ACCOUNTS is a file of service accounts:
// {"<namespace>/<name>": {"token": ..., "annotations": {...}}}. The kubelet's log goes to standard error.
// Ends with status 1 and the kubelet's words where a kubelet would not start.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubernetes/pkg/credentialprovider/plugin"
	"k8s.io/kubernetes/pkg/util/parsers"
)

type account struct {
	Token       string            `json:"token"`
	Annotations map[string]string `json:"annotations"`
}

type lookup struct {
	Image          string `json:"image"`
	Namespace      string `json:"namespace"`
	ServiceAccount string `json:"serviceAccount"`
}

type credential struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

type result struct {
	Image       string       `json:"image"`
	Error       string       `json:"error,omitempty"`
	Credentials []credential `json:"credentials"`
}

var accounts = map[string]account{}

func serviceAccountToken(namespace, name string, request *authenticationv1.TokenRequest) (*authenticationv1.TokenRequest, error) {
	found, exists := accounts[namespace+"/"+name]
	if !exists {
		return nil, fmt.Errorf("serviceaccounts %q is forbidden", name)
	}
	answer := request.DeepCopy()
	answer.Status.Token = found.Token
	answer.Status.ExpirationTimestamp = metav1.NewTime(time.Now().Add(time.Hour))
	return answer, nil
}

func serviceAccount(namespace, name string) (*corev1.ServiceAccount, error) {
	found, exists := accounts[namespace+"/"+name]
	if !exists {
		return nil, fmt.Errorf("serviceaccount %q not found", name)
	}
	return &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace, Name: name, UID: types.UID("uid-of-" + namespace + "-" + name), Annotations: found.Annotations}}, nil
}

func look(asked lookup) result {
	answer := result{Image: asked.Image, Credentials: []credential{}}
	repository, _, _, err := parsers.ParseImageName(asked.Image)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	keyring := plugin.NewExternalCredentialProviderDockerKeyring(asked.Namespace, "pod", "uid-of-pod", asked.ServiceAccount)
	found, _ := keyring.Lookup(repository)
	for _, one := range found {
		answer.Credentials = append(answer.Credentials, credential{one.Username, one.Password})
	}
	return answer
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: oracle CONFIG BIN-DIR [ACCOUNTS]")
		os.Exit(2)
	}
	if len(os.Args) > 3 {
		text, err := os.ReadFile(os.Args[3])
		if err == nil {
			err = json.Unmarshal(text, &accounts)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	if err := plugin.RegisterCredentialProviderPlugins(os.Args[1], os.Args[2], serviceAccountToken, serviceAccount); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var waiting sync.WaitGroup
	var turn sync.Mutex
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var asked lookup
		if err := json.Unmarshal(input.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		// Pods start side by side.
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			line, _ := json.Marshal(look(asked))
			turn.Lock()
			defer turn.Unlock()
			fmt.Println(string(line))
		}()
	}
	waiting.Wait()
}
