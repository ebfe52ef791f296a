// SPDX-License-Identifier: Apache-2.0
#include "commands/result_rows.hpp"

#include "base/text.hpp"
#include "output/units.hpp"

namespace plugin::commands {
namespace {

using output::Value;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// A moment, or a time of day, to the microsecond.
struct Instant {
  seconds whole{0};
  std::int64_t micros = 0;
};

/// `-1.500` is one and a half seconds before the epoch.
std::optional<Instant> parse_instant(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto dot = text.find('.');
  std::string fraction{dot == std::string_view::npos ? "" : text.substr(dot + 1)};
  fraction.resize(6, '0');
  const auto whole = base::whole_number(text.substr(0, dot));
  const auto micros = base::whole_number(fraction);
  if (!whole || !micros) return std::nullopt;
  if (!negative) return Instant{seconds{*whole}, *micros};
  if (*micros == 0) return Instant{seconds{-*whole}, 0};
  return Instant{seconds{-*whole - 1}, 1'000'000 - *micros};
}

std::string padded(std::int64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  return padded(static_cast<int>(date.year()), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) +
         "-" + padded(static_cast<unsigned>(date.day()), 2);
}

std::string time_text(seconds of_day, std::int64_t micros) {
  const std::chrono::hh_mm_ss time{of_day};
  return padded(time.hours().count(), 2) + ":" + padded(time.minutes().count(), 2) + ":" +
         padded(time.seconds().count(), 2) + (micros == 0 ? "" : "." + padded(micros, 6));
}

std::string offset_text(seconds offset) {
  const std::chrono::hh_mm_ss time{std::chrono::abs(offset)};
  std::string text = (offset < seconds::zero() ? "-" : "+") + padded(time.hours().count(), 2) + ":" +
                     padded(time.minutes().count(), 2);
  if (time.seconds() != seconds::zero()) text += ":" + padded(time.seconds().count(), 2);
  return text;
}

/// ISO 8601 in data, and with a space instead of the T in tables.
Value timestamp_value(const Instant& instant, std::optional<seconds> offset) {
  const sys_seconds local{instant.whole + offset.value_or(seconds::zero())};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::string date = date_text(day);
  const std::string rest =
      time_text(local - day, instant.micros) + (offset ? offset_text(*offset) : std::string{});
  return {date + "T" + rest, date + " " + rest, date + "T" + rest};
}

Value raw(const std::string& json_and_text) { return {json_and_text, json_and_text, json_and_text}; }

std::optional<Value> timestamp_with_offset(const std::string& text) {
  const auto pieces = base::split(text, ' ');
  if (pieces.size() != 2) return std::nullopt;
  const auto instant = parse_instant(pieces[0]);
  const auto minutes = parse_instant(pieces[1]);
  if (!instant || !minutes) return std::nullopt;
  return timestamp_value(*instant, std::chrono::minutes{minutes->whole.count() - 1440});
}

std::optional<Value> number(const snowflake::Column& column, const std::string& text) {
  if (column.type == "fixed" && column.scale > 0) return raw(text);
  const auto json = base::OrderedJson::parse(text, nullptr, false);
  if (!json.is_number() || (column.type == "fixed" && json.is_number_float())) return std::nullopt;
  return Value{json, text, text};
}

Value boolean(const std::string& text) {
  const bool value = text == "1" || base::equals_ignoring_case(text, "true");
  const std::string word = value ? "True" : "False";
  return {value, word, word};
}

std::optional<Value> typed(const snowflake::Column& column, const std::string& text,
                           const output::TimeZone& zone, bool nested) {
  const std::string& type = column.type;
  if (type == "timestamp_tz") return timestamp_with_offset(text);
  if (type == "boolean") return boolean(text);
  if (type == "fixed" || type == "real") return number(column, text);
  if (type == "binary") return raw(base::to_lower(text));
  if (nested && (type == "variant" || type == "object" || type == "array")) {
    if (!base::is_bounded_json(text)) return std::nullopt;
    const auto json = base::OrderedJson::parse(text, nullptr, false);
    if (json.is_discarded()) return std::nullopt;
    return Value{json, text, text};
  }
  const bool is_time = type == "timestamp_ltz" || type == "timestamp_ntz" || type == "date" || type == "time";
  const auto instant = is_time ? parse_instant(text) : std::nullopt;
  if (!instant) return std::nullopt;
  if (type == "timestamp_ltz") return timestamp_value(*instant, zone.offset_at(sys_seconds{instant->whole}));
  if (type == "timestamp_ntz") return timestamp_value(*instant, std::nullopt);
  if (type == "date") return raw(date_text(std::chrono::sys_days{std::chrono::days{instant->whole.count()}}));
  return raw(time_text(instant->whole, instant->micros));
}

}  // namespace

Value value_of(const snowflake::Column& column, const snowflake::Cell& cell, const output::TimeZone& zone,
               bool nested) {
  if (!cell) return {nullptr, "None", ""};
  return typed(column, *cell, zone, nested).value_or(output::text_value(*cell));
}

std::string age_of(const snowflake::Cell& timestamp, base::TimePoint now) {
  const auto instant = parse_instant(timestamp.value_or(""));
  return instant ? output::age_in_words(now - base::TimePoint{instant->whole}) : "";
}

void ResultRows::begin(const std::vector<snowflake::Column>& columns, const std::string& time_zone) {
  columns_ = columns;
  zone_.emplace(time_zone);
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  printer_.begin(names);
}

void ResultRows::row(std::vector<snowflake::Cell>&& cells) {
  output::Row row;
  row.reserve(cells.size());
  for (std::size_t index = 0; index < cells.size(); ++index)
    row.push_back(value_of(columns_[index], cells[index], *zone_, nested_));
  printer_.row(std::move(row));
}

}  // namespace plugin::commands
