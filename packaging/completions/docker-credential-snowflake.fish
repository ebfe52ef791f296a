# SPDX-License-Identifier: Apache-2.0
# fish completion for docker-credential-snowflake, which takes one word.
set -l no_action 'not __fish_seen_subcommand_from get store erase list version'
complete -c docker-credential-snowflake -f
complete -c docker-credential-snowflake -n $no_action -a get -d 'read a registry host, print a credential for it'
complete -c docker-credential-snowflake -n $no_action -a store -d 'accept what docker login hands over'
complete -c docker-credential-snowflake -n $no_action -a erase -d 'forget the token of a registry host'
complete -c docker-credential-snowflake -n $no_action -a list -d 'print the registry hosts that connections lead to'
complete -c docker-credential-snowflake -n $no_action -a version -d 'print the version'
complete -c docker-credential-snowflake -n $no_action -l help -d 'say what each is for'
complete -c docker-credential-snowflake -n $no_action -l version -d 'print the version'
