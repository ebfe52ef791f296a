// SPDX-License-Identifier: Apache-2.0
#include "relay/engine_push.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
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
#include "output/time_text.hpp"
#include "relay/relay.hpp"

namespace plugin::relay {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr auto engine_poll_interval = 10ms;
constexpr std::size_t password_bytes = 24;
/// An engine does this at once, unless it hangs.
constexpr auto tag_timeout = 60s;
constexpr auto untag_timeout = 10s;

/// What an engine reports about a push, one JSON object per line (Docker Engine API, "Push an image").
class EngineReport {
public:
  explicit EngineReport(push::Progress& progress) : progress_(progress) {}

  void take(std::string_view bytes) {
    text_ += bytes;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      if (const auto json = base::parse_json(text_.substr(0, end))) note(*json);
      text_.erase(0, end + 1);
    }
  }
  /// The message of an answer that is an error.
  std::string rest() const {
    const auto json = base::parse_json(text_).value_or(base::Json{});
    return base::text_at(json, "message").value_or("");
  }
  const std::string& error() const noexcept { return error_; }
  const std::optional<push::Pushed>& pushed() const noexcept { return pushed_; }

private:
  void note(const base::Json& json) {
    if (const auto error = base::text_at(json, "error")) error_ = *error;
    const auto& aux = base::member(json, "aux");
    if (const auto digest = base::text_at(aux, "Digest")) {
      pushed_ =
          push::Pushed{*digest, static_cast<std::size_t>(base::whole_number_at(aux, "Size").value_or(0))};
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
      // Engines count a little more than they announce.
      progress_.move(row, *status, static_cast<std::uint64_t>(std::min(current, total)),
                     static_cast<std::uint64_t>(total));
      return;
    }
    const bool is_finished =
        *status == "Pushed" || *status == "Layer already exists" || status->starts_with("Mounted from ");
    progress_.set(row, base::printable(*status, 200), is_finished);
  }

  push::Progress& progress_;
  std::string text_;
  std::map<std::string, std::size_t> rows_;
  std::string error_;
  std::optional<push::Pushed> pushed_;
};

/// The tag by which the engine finds the relay, for as long as this object exists.
class RelayTag {
public:
  RelayTag(const base::Environment& environment, const EngineSource& source, const std::string& name,
           const std::string& tag)
      : socket_(source.socket),
        notes_(environment.state_file("relay-tags")),
        note_(notes_.empty() ? notes_ : notes_ / std::to_string(getpid())) {
    remove_left_over();
    write_note(name + ":" + tag);
    const std::atomic<bool> never{false};
    std::string answer;
    try {
      const auto status = net::send_to_local_socket(
          {socket_,
           "POST",
           "/images/" + source.image.id + "/tag?repo=" + net::percent_encode(name) +
               "&tag=" + net::percent_encode(tag),
           {},
           tag_timeout},
          [&](std::string_view bytes) { answer += bytes; }, never);
      if (status / 100 != 2)
        throw Error(Kind::network, "the engine could not tag the image: " + base::printable(answer, 300));
    } catch (...) {
      remove();
      throw;
    }
  }
  RelayTag(const RelayTag&) = delete;
  RelayTag& operator=(const RelayTag&) = delete;
  ~RelayTag() { remove(); }

  void remove() {
    if (!reference_.empty()) remove(socket_, std::exchange(reference_, {}), note_);
  }

private:
  static void remove(const std::filesystem::path& socket, const std::string& reference,
                     const std::filesystem::path& note) {
    const base::InterruptionShield shield;
    const std::atomic<bool> never{false};
    try {
      net::send_to_local_socket(
          {socket, "DELETE", "/images/" + reference + "?noprune=true", {}, untag_timeout},
          [](std::string_view) {}, never);
    } catch (const Error&) {
      return;  // The note stays for the next push.
    }
    std::error_code failure;
    std::filesystem::remove(note, failure);
  }
  /// Tags of pushes that were killed, at the engines that have them.
  void remove_left_over() const {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator{notes_, failure}) {
      const auto process = std::atoi(entry.path().filename().c_str());
      if (process <= 0 || kill(process, 0) == 0 || errno != ESRCH) continue;
      const auto note = base::read_file(entry.path()).value_or("");
      const auto line_end = note.find('\n');
      const auto reference = line_end == std::string::npos ? "" : note.substr(line_end + 1);
      if (reference.starts_with("127.0.0.1:")) remove(note.substr(0, line_end), reference, entry.path());
    }
  }
  void write_note(const std::string& reference) {
    reference_ = reference;
    if (note_.empty()) return;
    std::error_code failure;
    std::filesystem::create_directories(notes_, failure);
    try {
      base::write_file(note_, socket_.string() + '\n' + reference);
    } catch (const Error&) {
      // The tag of a push that is killed stays.
    }
  }

  std::filesystem::path socket_;
  std::filesystem::path notes_;
  std::filesystem::path note_;
  std::string reference_;
};

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

std::optional<push::Pushed> push_from_engine(const base::Environment& environment, base::Clock& clock,
                                             const EngineSource& source, const push::Location& target,
                                             const registry::Access& access,
                                             const push::Pusher::Options& options, push::Progress& progress) {
  const auto password = net::base64url(net::random_bytes(password_bytes));
  Relay relay{environment,
              clock,
              {target.host,
               access,
               base::Secret{password},
               options.parallel,
               options.resume,
               {},
               [&](const std::string& event) { progress.line(event); }}};
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
            [&](std::string_view bytes) { report.take(bytes); }, stop);
      } catch (...) {
        failure = std::current_exception();
      }
      is_done = true;
    }};
    bool is_interrupted = false;
    const auto look_for_interruption = [&] {
      if (!base::was_interrupted() || std::exchange(is_interrupted, true)) return;
      stop = true;
      relay.stop();
      if (options.on_interrupt) options.on_interrupt();
      // The rest may take longer than this process has left.
      tag.remove();
    };
    while (!is_done) {
      look_for_interruption();
      // Nothing that the engine does now can help.
      if (relay.failure()) stop = true;
      if (const auto renewed = relay.login_renewed_at())
        progress.login_renewed(output::time_of_day(*renewed));
      std::this_thread::sleep_for(engine_poll_interval);
    }
    engine.join();
    look_for_interruption();
    relay.stop();
  }
  relay.delete_abandoned();
  if (base::was_interrupted()) throw base::Interrupted{};
  if (const auto first = relay.failure()) {
    try {
      std::rethrow_exception(first);
    } catch (const Error& error) {
      throw push::with_hint(error, target, options.resume);
    }
  }
  if (report.pushed()) return report.pushed();
  if (!relay.was_used()) return std::nullopt;
  if (failure) std::rethrow_exception(failure);
  const auto words = report.error().empty() ? report.rest() : report.error();
  throw Error(Kind::network,
              "the engine did not push the image: " +
                  base::printable(words.empty() ? "HTTP status " + std::to_string(status) : words, 300),
              "push again: what the registry has is not sent twice");
}

}  // namespace plugin::relay
