// SPDX-License-Identifier: Apache-2.0
// Settings files that are changed line by line: what was set is there, what was unset is not.
#include <cstdlib>

#include "base/error.hpp"
#include "settings_file/settings_file.hpp"

namespace settings_file = plugin::settings_file;

namespace {

bool says(const std::string& text, const settings_file::Setting& setting) {
  for (const auto& entry : settings_file::entries(text, "fuzz.toml")) {
    if (entry.setting.text() == setting.text()) return true;
  }
  return false;
}

void set_and_unset(const std::string& text, const settings_file::Setting& setting) {
  try {
    const auto changed = settings_file::set(text, "fuzz.toml", setting, "none");
    if (!says(changed, setting)) std::abort();
    if (says(settings_file::unset(changed, "fuzz.toml", setting), setting)) std::abort();
  } catch (const base::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const std::string text{data, size};
  set_and_unset(text, settings_file::Setting::parse("store"));
  set_and_unset(text, settings_file::Setting::parse("registries.h.role"));
  return 0;
}
