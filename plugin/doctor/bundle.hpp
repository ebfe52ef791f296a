// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "doctor/examination.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// What helps somebody else to help: the report, and what it was found in, as JSON. No secret, token or
/// password is in it: of variables and connections only what a white list names has its value, of Docker's
/// config.json only who answers for which registry, of what is kept only its names and ends.
base::OrderedJson bundle_of(const Report&, Examination&);

/// Throws `usage` when there is something under that name already, and `replace` is false.
void refuse_to_replace(const std::filesystem::path& file, bool replace);

/// Writes it to a file that only this user may read. Throws `config`.
void write_bundle(const std::filesystem::path& file, const Report&, Examination&);

}  // namespace plugin::doctor
