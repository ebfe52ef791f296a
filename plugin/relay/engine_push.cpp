// SPDX-License-Identifier: Apache-2.0
#include "relay/engine_push.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <map>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/local_socket.hpp"
#include "net/url.hpp"
#include "output/units.hpp"
#include "push/engine.hpp"
#include "relay/relay.hpp"

namespace plugin::relay {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr auto engine_poll_interval = 10ms;
constexpr std::size_t password_bytes = 24;
/// An engine needs only a moment for these, unless it hangs.
constexpr auto tag_timeout = 60s;
constexpr auto untag_timeout = 10s;

/// What an engine reports about a push, one JSON object per line (Docker Engine API, "Push an image").
class EngineReport {
public:
  explicit EngineReport(push::PushProgress& progress) : progress_(progress) {}

  void add(std::string_view bytes) {
    text_ += bytes;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      if (const auto json = base::parse_json(text_.substr(0, end))) add_line(*json);
      text_.erase(0, end + 1);
    }
  }
  /// What the engine says about a push that failed; may be empty.
  std::string error() const {
    if (!error_.empty()) return error_;
    const auto json = base::parse_json(text_).value_or(base::Json{});
    return base::text_at(json, "message").value_or("");
  }
  const std::optional<push::PushedManifest>& pushed() const noexcept { return pushed_; }

private:
  void add_line(const base::Json& json) {
    if (const auto error = base::text_at(json, "error")) error_ = *error;
    const auto& aux = base::member(json, "aux");
    if (const auto digest = base::text_at(aux, "Digest")) {
      pushed_ = push::PushedManifest{
          *digest, static_cast<std::size_t>(base::whole_number_at(aux, "Size").value_or(0))};
    }
    const auto id = base::text_at(json, "id");
    const auto status = base::text_at(json, "status");
    if (!id || !status) return;
    const auto row = rows_.contains(*id) ? rows_.at(*id) : progress_.add(base::printable(*id, 64));
    rows_[*id] = row;
    const auto& detail = base::member(json, "progressDetail");
    const auto current = base::whole_number_at(detail, "current").value_or(0);
    const auto total = base::whole_number_at(detail, "total").value_or(0);
    if (*status == "Pushing" && current > 0 && total > 0) {
      // Engines count a little beyond the total that they announce.
      progress_.set_bytes(row, *status, static_cast<std::uint64_t>(std::min(current, total)),
                          static_cast<std::uint64_t>(total));
      return;
    }
    const bool is_finished =
        *status == "Pushed" || *status == "Layer already exists" || status->starts_with("Mounted from ");
    progress_.set_status(row, base::printable(*status, 200), is_finished);
  }

  push::PushProgress& progress_;
  std::string text_;
  std::map<std::string, std::size_t> rows_;
  std::string error_;
  std::optional<push::PushedManifest> pushed_;
};

/// The tag with which the engine pushes to the relay; it is removed with this object. A record of it lets the
/// next push remove it if this process is killed.
class RelayTag {
public:
  RelayTag(const base::Environment& environment, const EngineSource& source, const std::string& name,
           const std::string& tag)
      : socket_(source.socket),
        records_(environment.state_file("relay-tags")),
        record_(records_.empty() ? records_ : records_ / std::to_string(getpid())) {
    remove_stale_tags();
    write_record(name + ":" + tag);
    std::string response;
    try {
      const auto status =
          net::send_to_local_socket({socket_,
                                     "POST",
                                     "/images/" + source.image.id + "/tag?repo=" + net::percent_encode(name) +
                                         "&tag=" + net::percent_encode(tag),
                                     {},
                                     tag_timeout},
                                    [&](std::string_view bytes) { response += bytes; });
      if (status / 100 != 2)
        throw Error(Kind::network, "the engine could not tag the image: " + base::printable(response, 300));
    } catch (...) {
      remove();
      throw;
    }
  }
  RelayTag(const RelayTag&) = delete;
  RelayTag& operator=(const RelayTag&) = delete;
  ~RelayTag() { remove(); }

  void remove() {
    if (!reference_.empty()) remove(socket_, std::exchange(reference_, {}), record_);
  }

private:
  static void remove(const std::filesystem::path& socket, const std::string& reference,
                     const std::filesystem::path& record) {
    const base::InterruptionShield shield;
    try {
      net::send_to_local_socket(
          {socket, "DELETE", "/images/" + reference + "?noprune=true", {}, untag_timeout},
          [](std::string_view) {});
    } catch (const Error&) {
      return;  // The record stays for the next push.
    }
    std::error_code failure;
    std::filesystem::remove(record, failure);
  }
  /// Removes the tags of pushes that were killed from their engines.
  void remove_stale_tags() const {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator{records_, failure}) {
      const auto process = base::whole_number(entry.path().filename().native()).value_or(0);
      if (process <= 0 || kill(static_cast<pid_t>(process), 0) == 0 || errno != ESRCH) continue;
      const auto record = base::read_file(entry.path()).value_or("");
      const auto line_end = record.find('\n');
      const auto reference = line_end == std::string::npos ? "" : record.substr(line_end + 1);
      if (reference.starts_with("127.0.0.1:")) remove(record.substr(0, line_end), reference, entry.path());
    }
  }
  void write_record(const std::string& reference) {
    reference_ = reference;
    if (record_.empty()) return;
    std::error_code failure;
    std::filesystem::create_directories(records_, failure);
    try {
      base::write_file(record_, socket_.string() + '\n' + reference);
    } catch (const Error&) {
      // Without a record, the tag stays if this process is killed.
    }
  }

  std::filesystem::path socket_;
  std::filesystem::path records_;
  std::filesystem::path record_;
  std::string reference_;
};

/// The connection to the engine broke while it was pushing.
[[noreturn]] void throw_end_of_engine(const std::exception_ptr& failure,
                                      const base::Environment& environment) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    throw Error(Kind::network, std::string{"the engine ended during the push: "} + error.what(),
                push::how_to_reach_engine({}, environment) +
                    "; then push again: what the registry has is not sent twice");
  }
}

std::string login_header(std::uint16_t port, const std::string& password) {
  const base::Json login{{"username", Relay::username},
                         {"password", password},
                         {"serveraddress", "127.0.0.1:" + std::to_string(port)}};
  // The engine expects base64url with padding.
  auto text = net::base64url(login.dump());
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

}  // namespace

std::optional<push::PushedManifest> push_from_engine(const base::Environment& environment, base::Clock& clock,
                                                     const EngineSource& source,
                                                     const push::RegistryImage& target,
                                                     const registry::Access& access,
                                                     const push::Pusher::Options& options,
                                                     push::PushProgress& progress) {
  const auto password = net::base64url(net::random_bytes(password_bytes));
  Relay relay{environment,
              clock,
              {target.host,
               access,
               base::Secret{password},
               options.parallel,
               options.resume,
               {},
               [&](const std::string& event) { progress.add_line(event); }}};
  EngineReport report{progress};
  int status = 0;
  std::exception_ptr failure;
  {
    HttpServer server{0, relay};
    const auto name = "127.0.0.1:" + std::to_string(server.port()) + "/" + target.path;
    RelayTag tag{environment, source, name, target.reference};
    std::atomic<bool> stop{false};
    std::atomic<bool> is_done{false};
    std::thread engine{[&] {
      try {
        status = net::send_to_local_socket(
            {source.socket,
             "POST",
             "/images/" + name + "/push?tag=" + net::percent_encode(target.reference),
             {{"X-Registry-Auth", login_header(server.port(), password)}}},
            [&](std::string_view bytes) { report.add(bytes); }, &stop);
      } catch (...) {
        failure = std::current_exception();
      }
      is_done = true;
    }};
    bool is_interrupted = false;
    const auto check_interruption = [&] {
      if (!base::was_interrupted() || std::exchange(is_interrupted, true)) return;
      stop = true;
      relay.stop();
      if (options.on_interrupt) options.on_interrupt();
      // Not later: the rest may take longer than this process has left.
      tag.remove();
    };
    while (!is_done) {
      check_interruption();
      // The push has failed, whatever the engine does.
      if (relay.failure()) stop = true;
      if (const auto renewed = relay.login_renewed_at())
        progress.login_renewed(output::time_of_day(*renewed));
      std::this_thread::sleep_for(engine_poll_interval);
    }
    engine.join();
    check_interruption();
    relay.stop();
  }
  relay.delete_abandoned();
  if (base::was_interrupted()) throw base::Interrupted{};
  if (const auto error = relay.failure()) throw push::with_hint(*error, access, options.resume);
  if (report.pushed()) return report.pushed();
  if (!relay.was_used()) return std::nullopt;
  if (failure) throw_end_of_engine(failure, environment);
  const auto reason = report.error();
  throw Error(Kind::network,
              "the engine did not push the image: " +
                  base::printable(reason.empty() ? "HTTP status " + std::to_string(status) : reason, 300),
              "push again: what the registry has is not sent twice");
}

}  // namespace plugin::relay
