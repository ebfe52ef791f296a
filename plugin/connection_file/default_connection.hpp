// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plugin::connection_file {

/// `text`, the Snowflake CLI's config.toml, with `connection` as its default_connection_name, as
/// 'snow connection set-default' writes it; everything else stays as it is. `name` is the file's, for
/// sentences. Throws `config` when it is not TOML, and when the line is written in a form that cannot be
/// changed by itself.
std::string with_default_connection(const std::string& text, const std::string& name,
                                    const std::string& connection);

}  // namespace plugin::connection_file
