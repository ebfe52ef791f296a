// SPDX-License-Identifier: Apache-2.0
#include "config/proof.hpp"

#include <algorithm>
#include <array>

namespace config {

bool is_secret_key(std::string_view key) {
  constexpr std::array proofs = {std::string_view{"password"},
                                 std::string_view{"passcode"},
                                 std::string_view{"token"},
                                 std::string_view{"oauth_client_secret"},
                                 std::string_view{"session_token"},
                                 std::string_view{"master_token"},
                                 std::string_view{"passcode_at_terminal"}};
  return std::ranges::find(proofs, key) != proofs.end();
}

}  // namespace config
