// SPDX-License-Identifier: Apache-2.0
#include "snowflake/rows.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

namespace snowflake {
namespace {

/// Ten times as many as a table of Snowflake may have.
constexpr std::size_t max_columns = 20'000;

/// Listens to the parser. Rows are the arrays inside of one array, which lies `depth` levels below the top.
class RowReader final : public nlohmann::json_sax<base::Json> {
public:
  RowReader(const RowHandler& take, int depth) : take_(take), depth_of_rows_(depth) {}

  bool null() override { return cell(std::nullopt); }
  bool boolean(bool value) override { return cell(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return cell(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return cell(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return cell(text); }
  bool string(string_t& value) override { return cell(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool key(string_t& name) override {
    if (level_ == 1) in_data_ = name == "data";
    if (level_ == 2) in_rowset_ = in_data_ && name == "rowset";
    return true;
  }
  bool start_array(std::size_t) override {
    open();
    if (is_row()) row_.clear();
    return true;
  }
  bool end_array() override {
    if (is_row()) {
      take_(std::move(row_));
      row_ = {};
    }
    return close();
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

private:
  bool open() {
    ++level_;
    return true;
  }
  bool close() {
    --level_;
    return true;
  }
  bool inside() const { return depth_of_rows_ == 0 || in_rowset_; }
  bool is_row() const { return inside() && level_ == depth_of_rows_ + 2; }
  bool cell(Cell&& value) {
    if (!is_row()) return true;
    if (row_.size() == max_columns) return false;
    row_.push_back(std::move(value));
    return true;
  }

  const RowHandler& take_;
  int depth_of_rows_;
  int level_ = 0;
  bool in_data_ = false;
  bool in_rowset_ = false;
  std::vector<Cell> row_;
};

void read(std::string_view text, const RowHandler& take, int depth) {
  RowReader reader{take, depth};
  if (!base::Json::sax_parse(text, &reader)) {
    throw base::Error(base::Kind::network, "a part of the result is not what Snowflake sends",
                      "run the command again");
  }
}

}  // namespace

void read_rowset(std::string_view answer, const RowHandler& take) { read(answer, take, 2); }

void read_rows(std::string_view array, const RowHandler& take) { read(array, take, 0); }

}  // namespace snowflake
