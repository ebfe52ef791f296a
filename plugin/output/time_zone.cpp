// SPDX-License-Identifier: Apache-2.0
#include "output/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace plugin::output {
namespace {

using std::chrono::seconds;

/// The name becomes part of a path.
bool is_zone_name(const std::string& name) {
  return !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
         std::ranges::all_of(name, [](char c) {
           return base::is_alphanumeric(c) || c == '_' || c == '+' || c == '-' || c == '/';
         });
}

std::string content_of(const std::string& name) {
  if (!is_zone_name(name)) return {};
  try {
    return base::read_file(std::filesystem::path{"/usr/share/zoneinfo"} / name).value_or("");
  } catch (const base::Error&) {
    return {};
  }
}

/// Takes a file apart from its beginning. What is beyond the end reads as nothing, and makes it bad.
class Reader {
public:
  explicit Reader(std::string_view content) : rest_(content) {}

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      good_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  /// A number in network order, in two's complement.
  std::int64_t number(std::size_t size) {
    std::uint64_t value = 0;
    const auto bytes = take(size);
    for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
    if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
  }

  std::string_view rest() const noexcept { return rest_; }
  bool good() const noexcept { return good_; }

private:
  std::string_view rest_;
  bool good_ = true;
};

/// The counts in a header, in the order of RFC 8536, 3.1.
struct Counts {
  std::size_t utc_indicators = 0;
  std::size_t standard_indicators = 0;
  std::size_t leap_seconds = 0;
  std::size_t transitions = 0;
  std::size_t types = 0;
  std::size_t characters = 0;

  std::size_t size_of_block(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + characters + leap_seconds * (time_size + 4) +
           standard_indicators + utc_indicators;
  }
};

/// Absent for what is not a header, or for one that counts more than a zone can have.
std::optional<Counts> read_header(Reader& reader) {
  constexpr std::int64_t max_count = 10'000;
  if (reader.take(4) != "TZif") return std::nullopt;
  reader.take(16);  // version and reserved bytes
  Counts counts;
  for (auto* count : {&counts.utc_indicators, &counts.standard_indicators, &counts.leap_seconds,
                      &counts.transitions, &counts.types, &counts.characters}) {
    const auto number = reader.number(4);
    if (number < 0 || number > max_count) return std::nullopt;
    *count = static_cast<std::size_t>(number);
  }
  return reader.good() ? std::optional{counts} : std::nullopt;
}

/// [+-]hh[:mm[:ss]]
seconds time_in(const std::string& text) {
  seconds time{0};
  seconds unit = std::chrono::hours{1};
  for (const auto& number : base::split(text, ':')) {
    time += std::abs(std::stoi(number)) * unit;
    unit /= 60;
  }
  return text.starts_with('-') ? -time : time;
}

/// From the parts of a date such as M3.2.0/2, `month` being the first.
TimeZone::RuleDate date_in(const std::cmatch& parts, std::size_t month) {
  TimeZone::RuleDate date{std::stoi(parts[month]), std::stoi(parts[month + 1]), std::stoi(parts[month + 2])};
  if (parts[month + 3].matched) date.time = time_in(parts[month + 3]);
  return date;
}

/// The footer of a TZif file: a TZ string of POSIX such as PST8PDT,M3.2.0,M11.1.0. Absent for an empty text,
/// and for the forms that count the days of a year, which no current zone uses.
std::optional<TimeZone::Rule> parse_rule(std::string_view text) {
  constexpr std::size_t max_length = 100;
  static const std::string name = "(?:[A-Za-z]+|<[^>]+>)";
  static const std::string time = R"(([+-]?\d{1,3}(?::\d{1,2}){0,2}))";
  static const std::string date = R"(,M([1-9]|1[0-2])\.([1-5])\.([0-6])(?:/)" + time + ")?";
  static const std::regex form{name + time + "(?:(" + name + ")" + time + "?" + date + date + ")?"};
  std::cmatch parts;
  if (text.size() > max_length || !std::regex_match(text.begin(), text.end(), parts, form))
    return std::nullopt;
  TimeZone::Rule rule{.standard = -time_in(parts[1])};
  if (parts[2].matched) {
    rule.summer = parts[3].matched ? -time_in(parts[3]) : rule.standard + std::chrono::hours{1};
    rule.summer_begins = date_in(parts, 4);
    rule.summer_ends = date_in(parts, 8);
  }
  return rule;
}

/// When the rule's date is in that year, in UTC, by clocks that show `offset`.
std::chrono::sys_seconds moment_of(const TimeZone::RuleDate& date, std::chrono::year year, seconds offset) {
  const std::chrono::month month{static_cast<unsigned>(date.month)};
  const std::chrono::weekday weekday{static_cast<unsigned>(date.weekday)};
  const auto day = date.week == 5
                       ? std::chrono::sys_days{year / month / weekday[std::chrono::last]}
                       : std::chrono::sys_days{year / month / weekday[static_cast<unsigned>(date.week)]};
  return day + date.time - offset;
}

seconds offset_by_rule(const TimeZone::Rule& rule, std::chrono::sys_seconds moment) {
  constexpr std::chrono::sys_seconds year_1{seconds{-62'135'596'800}};
  constexpr std::chrono::sys_seconds year_10000{seconds{253'402'300'800}};
  if (!rule.summer || moment < year_1 || moment >= year_10000) return rule.standard;
  const auto local_day = std::chrono::floor<std::chrono::days>(moment + rule.standard);
  const auto year = std::chrono::year_month_day{local_day}.year();
  const auto begins = moment_of(rule.summer_begins, year, rule.standard);
  const auto ends = moment_of(rule.summer_ends, year, *rule.summer);
  // South of the equator summer time begins late in the year.
  const bool is_summer =
      begins < ends ? moment >= begins && moment < ends : moment >= begins || moment < ends;
  return is_summer ? *rule.summer : rule.standard;
}

}  // namespace

TimeZone::TimeZone(const std::string& name) : TimeZone(from_tzif(content_of(name))) {}

TimeZone TimeZone::from_tzif(std::string_view content) {
  Reader reader{content};
  // The first block has times of 32 bits, for programs of the last century; the second one has all.
  const auto old = read_header(reader);
  if (!old) return TimeZone{};
  reader.take(old->size_of_block(4));
  const auto counts = read_header(reader);
  if (!counts || counts->types == 0) return TimeZone{};
  TimeZone zone;
  for (std::size_t index = 0; index < counts->transitions; ++index)
    zone.transitions_.push_back({reader.number(8), {}});
  const auto types = reader.take(counts->transitions);
  std::vector<seconds> offsets;
  for (std::size_t index = 0; index < counts->types; ++index) {
    offsets.emplace_back(reader.number(4));
    reader.take(2);  // whether it is summer time, and its abbreviation
  }
  if (!reader.good()) return TimeZone{};
  for (std::size_t index = 0; index < types.size(); ++index) {
    const auto type = static_cast<unsigned char>(types[index]);
    if (type >= offsets.size()) return TimeZone{};
    zone.transitions_[index].offset = offsets[type];
  }
  zone.before_first_ = offsets.front();
  reader.take(counts->characters + counts->leap_seconds * 12 + counts->standard_indicators +
              counts->utc_indicators);
  const auto footer = reader.rest();
  if (footer.size() > 2 && footer.starts_with('\n') && footer.ends_with('\n'))
    zone.rule_ = parse_rule(footer.substr(1, footer.size() - 2));
  return zone;
}

seconds TimeZone::offset_at(std::chrono::sys_seconds moment) const {
  const auto at = moment.time_since_epoch().count();
  const auto next = std::ranges::upper_bound(transitions_, at, {}, &Transition::at);
  if (next == transitions_.end() && rule_) return offset_by_rule(*rule_, moment);
  return next == transitions_.begin() ? before_first_ : std::prev(next)->offset;
}

}  // namespace plugin::output
