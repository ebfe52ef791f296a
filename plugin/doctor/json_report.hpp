// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// The report for programs: `verdict` with `state` (ok, warning or failed), `cause` (the id of a check, or
/// null), `sentence` and `next`; `host`, `repository`, `version`, and `checks` in their order, each with
/// `id`, `title`, `state` (as above, or skipped), `sentence` and `next`.
base::OrderedJson to_json(const Report&);

}  // namespace plugin::doctor
