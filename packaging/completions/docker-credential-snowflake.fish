# SPDX-License-Identifier: Apache-2.0
# fish completion for docker-credential-snowflake: one word, and the options of those for a kubelet.
set -l actions get store erase list version kubelet-credential-provider kubelet-install kubelet-check kubelet-undo
set -l no_action "not __fish_seen_subcommand_from $actions"
set -l on_node '__fish_seen_subcommand_from kubelet-install kubelet-check kubelet-undo'
complete -c docker-credential-snowflake -f
complete -c docker-credential-snowflake -n $no_action -a get -d 'read a registry host, print a credential for it'
complete -c docker-credential-snowflake -n $no_action -a store -d 'accept what docker login hands over'
complete -c docker-credential-snowflake -n $no_action -a erase -d 'forget the token of a registry host'
complete -c docker-credential-snowflake -n $no_action -a list -d 'print the registry hosts that connections lead to'
complete -c docker-credential-snowflake -n $no_action -a version -d 'print the version'
complete -c docker-credential-snowflake -n $no_action -a kubelet-credential-provider -d 'answer a kubelet that pulls images'
complete -c docker-credential-snowflake -n $no_action -a kubelet-install -d "install the kubelet's credential provider on this node"
complete -c docker-credential-snowflake -n $no_action -a kubelet-check -d 'say why a kubelet does not run it'
complete -c docker-credential-snowflake -n $no_action -a kubelet-undo -d 'remove it from this node'
complete -c docker-credential-snowflake -n $no_action -l help -d 'say what each is for'
complete -c docker-credential-snowflake -n $no_action -l version -d 'print the version'
complete -c docker-credential-snowflake -n $on_node -l config -r -F -d "the kubelet's --image-credential-provider-config"
complete -c docker-credential-snowflake -n $on_node -l bin-dir -r -F -d "the kubelet's --image-credential-provider-bin-dir"
complete -c docker-credential-snowflake -n '__fish_seen_subcommand_from kubelet-install kubelet-undo' -l restart -d 'restart the kubelet'
complete -c docker-credential-snowflake -n '__fish_seen_subcommand_from kubelet-install' -l kubernetes-version -x -d 'of the kubelet'
complete -c docker-credential-snowflake -n '__fish_seen_subcommand_from kubelet-credential-provider' -l config-file -r -F -d 'a config.toml of the Snowflake CLI'
