// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "doctor/check_context.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// What helps others to help: the report, and what it was found in, as JSON. It holds no secret: of variables
/// and connections only listed names have their values, of Docker's config.json only which helper serves
/// which registry, of what is stored only names and expiry times.
base::OrderedJson bundle_of(const Report&, CheckContext&);

/// Throws `usage` when the file exists already and `replace` is false.
void refuse_to_replace(const std::filesystem::path& file, bool replace);

/// Writes it to a file that only this user may read. Throws `config`.
void write_bundle(const std::filesystem::path& file, const Report&, CheckContext&);

}  // namespace plugin::doctor
