# SPDX-License-Identifier: Apache-2.0
# fish completion for docker-snowflake. The program itself says what may stand here, as it does for Docker.
function __docker_snowflake_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l answer (command $program __complete $words[2..] "$current" 2>/dev/null)
    # 0: files, as the shell completes them by itself.
    if test "$answer[-1]" = ":0"
        __fish_complete_path "$current"
    else if test (count $answer) -gt 1
        printf '%s\n' $answer[1..-2]
    end
end
complete -c docker-snowflake -f -a '(__docker_snowflake_complete)'
