// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "doctor/finding.hpp"

namespace plugin::doctor {

/// A finding, and what was looked at.
struct Result {
  std::string id;     ///< for programs; never changes its meaning
  std::string title;  ///< for people
  Finding finding;
};

/// What was asked about, and all that was found, in the order of the checks.
struct Report {
  std::string host;        ///< of the registry; empty when it could not be found out
  std::string repository;  ///< `DATABASE.SCHEMA.REPOSITORY`; empty when none was asked about
  std::vector<Result> results = {};

  /// The first thing that is broken; if nothing is, the first that is odd; null when all is well. Since every
  /// check stands behind those that it builds on, that is the cause, and what follows may be its effects.
  const Result* first_cause() const;
  /// `good`, `odd` or `broken`.
  State state() const;
};

/// What it all comes to, in one sentence.
std::string verdict(const Report&);

}  // namespace plugin::doctor
