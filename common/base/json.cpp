// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace base {
namespace {

/// Scans JSON without building anything. Text that is not JSON is scanned as far as possible.
class Scanner {
public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Calls `on_member(key, depth)` before the value of each member, and `on_end(depth)` after each value.
  /// False when the text is nested deeper than `max_json_depth`.
  template <typename OnMember, typename OnEnd>
  bool scan(OnMember on_member, OnEnd on_end) {
    std::string_view last_string;
    for (at_ = 0; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '"':
          last_string = string();
          break;
        case ':':
          on_member(last_string, depth_);
          break;
        case '[':
        case '{':
          ++values_;
          if (++depth_ > max_json_depth) return false;
          break;
        case ',':
          ++values_;
          on_end(depth_);
          break;
        case ']':
        case '}':
          on_end(depth_);
          --depth_;
          break;
        default:
          break;
      }
    }
    return true;
  }

  std::size_t at() const noexcept { return at_; }
  /// Opening brackets and commas so far, which are at least as many as the values.
  std::size_t values() const noexcept { return values_; }

private:
  /// The text between the quotes; afterwards `at_` is at the closing quote.
  std::string_view string() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    return text_.substr(begin, std::min(at_, text_.size()) - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  int depth_ = 0;
};

}  // namespace

bool is_bounded_json(std::string_view text) {
  if (text.size() > max_json_bytes) return false;
  Scanner scanner{text};
  return scanner.scan([](std::string_view, int) {}, [](int) {}) && scanner.values() <= max_json_values;
}

std::optional<Json> parse_json(std::string_view text) {
  if (!is_bounded_json(text)) return std::nullopt;
  auto parsed = Json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return std::nullopt;
  return parsed;
}

std::optional<Json> parse_json_without(std::string_view text, std::string_view outer,
                                       std::string_view inner) {
  Scanner scanner{text};
  std::string rest;
  std::size_t copied = 0;
  bool in_outer = false;
  bool in_inner = false;
  const auto begin = [&](std::string_view key, int depth) {
    if (depth == 1) in_outer = key == outer;
    if (depth != 2 || !in_outer || key != inner) return;
    in_inner = true;
    rest += text.substr(copied, scanner.at() + 1 - copied);
    rest += "null";
  };
  const auto end = [&](int depth) {
    if (!in_inner || depth != 2) return;
    in_inner = false;
    copied = scanner.at();
  };
  if (!scanner.scan(begin, end) || in_inner) return std::nullopt;
  rest += text.substr(copied);
  return parse_json(rest);
}

std::string dump_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string dump_json(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

const Json& member(const Json& object, std::string_view name) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

std::optional<std::string> text_at(const Json& object, std::string_view name) {
  const Json& value = member(object, name);
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

std::optional<std::int64_t> whole_number_at(const Json& object, std::string_view name) {
  const Json& value = member(object, name);
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (!(std::abs(number) < 9e18)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  return value.is_string() ? whole_number(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<TimePoint> time_at(const Json& object, std::string_view name) {
  const auto seconds = whole_number_at(object, name);
  return seconds ? std::optional{TimePoint{std::chrono::seconds{*seconds}}} : std::nullopt;
}

}  // namespace base
