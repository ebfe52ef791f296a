// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace base {

/// 127.0.0.0/8, ::1 (in brackets or not) and localhost, in lower case: what never leaves the machine.
bool is_loopback(std::string_view host);

}  // namespace base
