// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/environment.hpp"

namespace ui {

/// Starts a browser and does not wait for it. False where there is none to be seen: no desktop, or the person
/// sits elsewhere (SSH).
bool start_browser(const std::string& url, const base::Environment&);

}  // namespace ui
