// SPDX-License-Identifier: Apache-2.0
#include "snowflake/statement.hpp"

#include <algorithm>

#include "base/interruption.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/result.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Json;
using base::Kind;

/// The server answers within 45 seconds that a statement is still running, but may also take longer.
constexpr std::chrono::hours statement_timeout{1};

bool is_running(const Answer& answer) {
  return answer.code == code::running || answer.code == code::running_asynchronously;
}

class Statement {
public:
  Statement(Api& api, const base::Secret& token, int number, std::string_view sql, bool takes_rows,
            base::Clock& clock)
      : api_(api), token_(token), number_(number), sql_(sql), takes_rows_(takes_rows), clock_(clock) {}

  Answer run() const {
    const auto submitted = std::chrono::milliseconds{clock_.now().time_since_epoch()}.count();
    Answer answer = api_.send({.endpoint = query_endpoint,
                               .query = {},
                               .body = Json{{"sqlText", sql_},
                                            {"asyncExec", false},
                                            {"sequenceId", number_},
                                            {"querySubmissionTime", submitted},
                                            {"queryContextDTO", Json::object()}},
                               .token = token_,
                               .timeout = statement_timeout,
                               .stream_rows = takes_rows_,
                               .request_id = id_});
    while (is_running(answer)) answer = poll(answer);
    return answer;
  }

  /// Ignores errors: the user no longer waits for the statement.
  void abort() const noexcept {
    try {
      api_.send({.endpoint = abort_endpoint,
                 .query = {},
                 .body = Json{{"sqlText", sql_}, {"requestId", id_}},
                 .token = token_,
                 .timeout = std::chrono::seconds{2}});
    } catch (const std::exception&) {
    }
  }

private:
  Answer poll(const Answer& running) const {
    const auto path = base::text_at(running.data, "getResultUrl").value_or("");
    // Only a path: the token must not go to another host.
    if (!path.starts_with('/')) {
      throw Error(Kind::network, "Snowflake sent no valid URL for the result of a statement",
                  "run the command again");
    }
    const Endpoint endpoint{path, "application/snowflake"};
    return api_.send({.endpoint = endpoint,
                      .query = {},
                      .body = {},
                      .token = token_,
                      .timeout = statement_timeout,
                      .stream_rows = takes_rows_});
  }

  Api& api_;
  const base::Secret& token_;
  int number_;
  std::string_view sql_;
  bool takes_rows_;
  base::Clock& clock_;
  std::string id_ = net::random_uuid();
};

std::vector<Column> columns_in(const Json& data) {
  std::vector<Column> columns;
  for (const auto& type : base::member(data, "rowtype")) {
    columns.push_back({base::text_at(type, "name").value_or(""), base::text_at(type, "type").value_or("text"),
                       static_cast<int>(base::whole_number_at(type, "scale").value_or(0))});
  }
  return columns;
}

std::string time_zone_in(const Json& data) {
  for (const auto& parameter : base::member(data, "parameters")) {
    if (base::text_at(parameter, "name") == "TIMEZONE") return base::text_at(parameter, "value").value_or("");
  }
  return {};
}

/// In bytes of memory, for all rows; together with the answer and its chunks less than 512 MB.
constexpr std::size_t max_result = 192U << 20;

[[noreturn]] void refuse_size() {
  throw Error(Kind::network, "the result of a statement is too large", "narrow it down with --like or --in");
}

[[noreturn]] void refuse_malformed() {
  throw Error(Kind::network, "part of the result is malformed", "run the command again");
}

void deliver(Api& api, const Answer& answer, ResultSink& sink) {
  const std::string format = base::text_at(answer.data, "queryResultFormat").value_or("json");
  if (format != "json") {
    throw Error(
        Kind::network,
        "Snowflake answered in the format '" + base::printable(format, 40) + "', which was not requested",
        "report a bug");
  }
  // Fetch everything first: half a result is worse than none.
  const auto& named = base::member(answer.data, "chunks");
  if (!named.is_null() && !named.is_array()) refuse_malformed();
  const auto chunks = fetch_chunks(api.http(), api.account().host, answer.data);
  const auto columns = columns_in(answer.data);
  sink.begin(columns, time_zone_in(answer.data));
  std::size_t left = max_result;
  const RowHandler take = [&](std::vector<Cell>&& row) {
    std::size_t size = std::max(row.size(), columns.size()) * sizeof(Cell);
    for (const auto& cell : row) size += cell ? cell->size() : 0;
    if (size > left) refuse_size();
    left -= size;
    if (row.size() != columns.size()) refuse_malformed();
    sink.row(std::move(row));
  };
  read_rowset(answer.text.reveal(), take);
  for (const auto& chunk : chunks) read_chunk(chunk, take);
}

/// `<code> (<SQL state>): <message>`, like the Snowflake CLI (`snowflake/PROTOCOL.md` 10.5). The query id is
/// in the trace of requests.
[[noreturn]] void refuse(const Answer& answer) {
  const auto known = refusal(answer.code, answer.message);
  const auto state = base::text_at(answer.data, "sqlState");
  std::string code = base::printable(answer.code, 40);
  if (state) code += " (" + base::printable(*state, 40) + ")";
  throw StatementError(answer.code, (code.empty() ? "" : code + ": ") + refusal("", answer.message).what(),
                       known.next_step());
}

}  // namespace

SessionStatus run_statement(Api& api, const base::Secret& session_token, int number, std::string_view sql,
                            ResultSink& sink, base::Clock& clock) {
  const Statement statement{api, session_token, number, sql, sink.takes_rows(), clock};
  Answer answer;
  try {
    answer = statement.run();
  } catch (const base::Interrupted&) {
    const base::InterruptionShield shield;
    statement.abort();
    throw;
  }
  if (answer.success) {
    if (sink.takes_rows()) deliver(api, answer, sink);
    return SessionStatus::done;
  }
  if (answer.code == code::session_expired) return SessionStatus::session_expired;
  if (session_has_ended(answer.code)) return SessionStatus::session_ended;
  refuse(answer);
}

}  // namespace snowflake
