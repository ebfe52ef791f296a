// SPDX-License-Identifier: Apache-2.0
#include "token/get_token.hpp"

#include "base/error.hpp"

namespace token {
namespace {

/// For those who hold the lock, where a token is left that is good for a while.
constexpr std::chrono::seconds short_timeout{5};

std::optional<RegistryToken> load(TokenStore& store, const StoreKey& key) {
  const auto record = store.load(key);
  return record ? RegistryToken::from_record(*record) : std::nullopt;
}

/// The front is a shortcut: without it the way is longer, and no worse.
std::optional<RegistryToken> load_front(TokenStore& front, const docker::RegistryHost& host) {
  try {
    return load(front, front_key(host));
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

void save_front(TokenStore& front, const docker::RegistryHost& host, const RegistryToken& token) {
  try {
    front.save(front_key(host), token.to_record(), token.expires_at);
  } catch (const base::Error&) {
    // As above: `kept` has the token.
  }
}

}  // namespace

StoreKey front_key(const docker::RegistryHost& host) {
  return {.kind = "registry-token", .host = host.name(), .user = {}, .detail = {}};
}

std::optional<RegistryToken> find_ready_token(const docker::RegistryHost& host, const std::string& sources,
                                              TokenStore& front, base::TimePoint now) {
  auto token = load_front(front, host);
  if (!token || token->sources != sources || !token->fresh_at(now)) return std::nullopt;
  return token;
}

RegistryToken get_token(const TokenRequest& request, const TokenPlaces& places, const IssueToken& issue,
                        const base::Deadline& deadline, base::Clock& clock) {
  std::optional<RegistryToken> kept;
  const auto put_in_front = [&](const RegistryToken& token) {
    if (request.serves_host) save_front(places.front, request.host, token);
  };
  const auto find_fresh = [&] {
    kept = load(places.kept, request.key);
    if (!kept || !kept->fresh_at(clock.now())) return false;
    // The files and variables may have changed since, but they lead to the same sign-in, or the key would
    // differ.
    kept->sources = request.sources;
    put_in_front(*kept);
    return true;
  };
  const auto is_something_left = [&] { return kept && kept->valid_at(clock.now()); };

  if (!request.anew && find_fresh()) return *kept;
  try {
    const auto timeout = is_something_left() ? deadline.within(short_timeout) : deadline;
    const SignInTurn turn{places.runtime, request.key, request.sources, timeout, clock};
    if (request.anew) {
      turn.forget_refusal();
    } else if (find_fresh()) {
      return *kept;
    }
    RegistryToken issued = issue(turn);
    issued.sources = request.sources;
    places.kept.save(request.key, issued.to_record(), issued.expires_at);
    put_in_front(issued);
    return issued;
  } catch (const base::Error& error) {
    if (error.kind() == base::Kind::network && is_something_left()) return *kept;
    throw;
  }
}

}  // namespace token
