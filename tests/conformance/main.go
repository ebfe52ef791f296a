// SPDX-License-Identifier: Apache-2.0

// Asks a credential helper through the official Go client of the protocol, as the docker CLI does, and prints what the
// client made of the answer: conformance get|erase|list|store [SERVER USER SECRET]
package main

import (
	"encoding/json"
	"os"

	"github.com/docker/docker-credential-helpers/client"
	"github.com/docker/docker-credential-helpers/credentials"
)

type result struct {
	Credential *credentials.Credentials `json:",omitempty"`
	List       map[string]string        `json:",omitempty"`
	Error      string                   `json:",omitempty"`
	NotFound   bool
}

func main() {
	program := client.NewShellProgramFunc("docker-credential-snowflake")
	var answer result
	var err error
	switch os.Args[1] {
	case "get":
		answer.Credential, err = client.Get(program, os.Args[2])
	case "erase":
		err = client.Erase(program, os.Args[2])
	case "list":
		answer.List, err = client.List(program)
	case "store":
		err = client.Store(program, &credentials.Credentials{ServerURL: os.Args[2], Username: os.Args[3], Secret: os.Args[4]})
	}
	if err != nil {
		answer.Error = err.Error()
		answer.NotFound = credentials.IsErrCredentialsNotFound(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(answer)
}
