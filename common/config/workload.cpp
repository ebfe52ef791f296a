// SPDX-License-Identifier: Apache-2.0
#include "config/workload.hpp"

#include <algorithm>
#include <array>

namespace config {

bool is_ci_identity_variable(std::string_view variable) {
  // GitHub's token for asking for tokens is another one in each job, also where jobs of a matrix share the
  // rest.
  constexpr std::array names = {std::string_view{"ACTIONS_ID_TOKEN_REQUEST_TOKEN"},
                                std::string_view{"AWS_ACCESS_KEY_ID"},
                                std::string_view{"AWS_CONTAINER_CREDENTIALS_FULL_URI"},
                                std::string_view{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"},
                                std::string_view{"AWS_ROLE_ARN"},
                                std::string_view{"AWS_WEB_IDENTITY_TOKEN_FILE"},
                                std::string_view{"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"},
                                std::string_view{"AZURE_CLIENT_ID"},
                                std::string_view{"AZURE_TENANT_ID"},
                                std::string_view{"BITBUCKET_STEP_UUID"},
                                std::string_view{"BUILDKITE_JOB_ID"},
                                std::string_view{"CIRCLE_WORKFLOW_JOB_ID"},
                                std::string_view{"CI_JOB_ID"},
                                std::string_view{"GITHUB_JOB"},
                                std::string_view{"GITHUB_RUN_ATTEMPT"},
                                std::string_view{"GITHUB_RUN_ID"},
                                std::string_view{"IDENTITY_ENDPOINT"},
                                std::string_view{"MANAGED_IDENTITY_CLIENT_ID"},
                                std::string_view{"SYSTEM_JOBID"}};
  return std::ranges::find(names, variable) != names.end();
}

}  // namespace config
