// SPDX-License-Identifier: Apache-2.0
#include "output/json.hpp"

namespace output {

std::string to_json(const Fields& fields, std::size_t indent) {
  auto object = base::OrderedJson::object();
  for (const auto& [name, value] : fields) object[name] = value.json;
  std::string text = object.dump(4, ' ', true, base::OrderedJson::error_handler_t::replace);
  const std::string margin(indent, ' ');
  for (std::size_t position = text.find('\n'); indent > 0 && position != std::string::npos;
       position = text.find('\n', position + 1 + indent)) {
    text.insert(position + 1, margin);
  }
  return text;
}

}  // namespace output
