// SPDX-License-Identifier: Apache-2.0
#include "kubelet_identity.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "config/config_paths.hpp"
#include "config/connection.hpp"
#include "config/connection_keys.hpp"
#include "config/registry_resolver.hpp"
#include "kubelet/provider_entry.hpp"
#include "net/crypto.hpp"

namespace helper {
namespace {

using base::Error;
using base::Kind;

/// SHA-256 over texts, each with its length, so that different lists of texts have different digests.
class Digest {
public:
  Digest& add(std::string_view text) {
    text_ += std::to_string(text.size()) + ':';
    text_ += text;
    return *this;
  }
  std::string text() const { return net::base64url(net::sha256(text_)); }

private:
  std::string text_;
};

token::StoreKey key_of(const config::Connection& connection, const Digest& rest) {
  const auto account = config::account_of(connection);
  const std::string port = account.port == 443 ? "" : ":" + std::to_string(account.port);
  return {.kind = "kubelet-token",
          .host = account.host + port,
          .user = base::to_upper(connection.text("user")),
          .detail = base::to_upper(connection.text("role")) + "/" + rest.text()};
}

/// A connection to the account of a registry. The account name is spelled as in the image, with underscores
/// or with hyphens: Snowflake accepts both (`snowflake/PROTOCOL.md` 1.1).
config::Connection connection_of_host(const docker::RegistryHost& host, const std::string& image_host) {
  const std::string label = base::to_lower(image_host).substr(0, image_host.find('.'));
  const bool is_private = host.name().find(".registry.privatelink.") != std::string::npos;
  config::Connection connection;
  const auto set = [&](const char* key, const std::string& value) {
    connection.fields.insert_or_assign(key, base::Secret{value});
  };
  set("account", label);
  set("host", std::string{host.account_label()} + (is_private ? ".privatelink" : "") +
                  ".snowflakecomputing." + std::string{host.top_level_domain()});
  set("authenticator", "WORKLOAD_IDENTITY");
  return connection;
}

void choose_role(config::Connection& connection, const KubeletRequest& request,
                 const base::Environment& environment) {
  const auto annotation = request.annotations.find(kubelet::role_annotation);
  const auto role = annotation != request.annotations.end() && !annotation->second.empty()
                        ? annotation->second
                        : environment.non_empty("SNOWFLAKE_ROLE");
  if (role) connection.fields.insert_or_assign("role", base::Secret{*role});
}

docker::RegistryHost snowflake_registry(const KubeletRequest& request) {
  if (auto host = docker::RegistryHost::parse(request.host)) return *host;
  throw Error(Kind::not_found, "'" + base::printable(request.host, 200) + "' is not a Snowflake registry",
              "correct matchImages of the provider's entry");
}

/// Issuer and subject are read from the token without verifying it, which Snowflake does: they only decide
/// under which key its answer is cached.
KubeletIdentity of_service_account(const KubeletRequest& request, const base::Environment& environment) {
  const auto jwt = request.service_account_token.reveal();
  const auto claims = net::jwt_claims(jwt);
  const auto issuer = claims ? base::text_at(*claims, "iss") : std::nullopt;
  const auto subject = claims ? base::text_at(*claims, "sub") : std::nullopt;
  if (!issuer || !subject || issuer->empty() || subject->empty())
    throw Error(Kind::usage, "serviceAccountToken of the request is not a JWT with the claims iss and sub");
  const auto host = snowflake_registry(request);
  auto connection = connection_of_host(host, request.host);
  connection.fields.insert_or_assign("workload_identity_provider", base::Secret{"OIDC"});
  connection.fields.insert_or_assign("token", request.service_account_token);
  choose_role(connection, request, environment);

  Digest rest;
  // The first part of a JWT names the signing key. Clusters with the same setup have the same issuer, and on
  // one machine they share root's keyring, but their keys differ.
  rest.add("service account").add(*issuer).add(*subject);
  rest.add(base::dump_json(base::member(*claims, "aud")));
  rest.add(jwt.substr(0, jwt.find('.')));
  auto key = key_of(connection, rest);
  return {host, std::move(connection), std::move(key), IdentitySource::service_account,
          "the service account '" + base::printable(*subject, 255) + "' of the issuer '" +
              base::printable(*issuer, 255) + "'"};
}

/// Every variable that may select another cloud identity for this node.
void add_cloud(Digest& digest, const base::Environment& environment) {
  for (const auto& [name, value] : environment.all()) {
    if (config::is_ci_identity_variable(name)) digest.add(name).add(value);
  }
}

KubeletIdentity of_cloud(const KubeletRequest& request, const std::string& provider,
                         const base::Environment& environment) {
  const auto host = snowflake_registry(request);
  auto connection = connection_of_host(host, request.host);
  if (!provider.empty())
    connection.fields.insert_or_assign("workload_identity_provider", base::Secret{provider});
  choose_role(connection, request, environment);
  Digest rest;
  rest.add("node").add(provider);
  add_cloud(rest, environment);
  auto key = key_of(connection, rest);
  return {host, std::move(connection), std::move(key), IdentitySource::node, "this node's own identity"};
}

std::string checked_provider(const std::string& name) {
  const auto upper = base::to_upper(name);
  if (upper == "AWS" || upper == "AZURE" || upper == "GCP") return upper;
  throw Error(Kind::config,
              "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER is '" + base::printable(name, 50) +
                  "', but a node has an identity in AWS, AZURE or GCP only",
              "correct it in env of the provider's entry");
}

/// A kubelet has no home directory; if HOME happens to be set, the files there are not meant for nodes.
base::Environment without_home(const base::Environment& environment) {
  auto variables = environment.all();
  variables.erase("XDG_CONFIG_HOME");
  variables["HOME"] = "/nonexistent";
  return environment.with(std::move(variables));
}

/// The resolver of the connection that the provider's entry names.
config::RegistryResolver resolver_of(const std::optional<std::filesystem::path>& config_file,
                                     const base::Environment& environment) {
  if (const auto warnings = config::warnings_about_paths(environment); !warnings.empty())
    throw Error(Kind::config, warnings.front(), "correct env of the provider's entry");
  config::RegistryResolver resolver{environment};
  if (!config_file) return resolver;
  std::error_code ignored;
  if (!config_file->is_absolute() || !std::filesystem::is_regular_file(*config_file, ignored)) {
    throw Error(Kind::config, "--config-file: there is no file " + base::shown_path(config_file->native()),
                "use the absolute path of a config.toml in args of the provider's entry");
  }
  resolver.use_config_file(*config_file);
  return resolver;
}

/// Why a kubelet cannot log in with a connection, whatever Snowflake says.
void check_connection(const config::Connection& connection, const std::filesystem::path& settings) {
  if (connection.token_source != config::TokenSource::snow) return;
  throw Error(Kind::config,
              "through = \"snow\" is set, but a kubelet's provider does not run the Snowflake CLI",
              "remove that line from " + settings.string());
}

KubeletIdentity of_connection(const KubeletRequest& request,
                              const std::optional<std::filesystem::path>& config_file,
                              const base::Environment& all_variables) {
  base::require_private_files();
  auto variables = without_home(all_variables).all();
  // A connections.toml would replace the connections in that file.
  if (config_file) variables.erase("SNOWFLAKE_HOME");
  const auto environment = all_variables.with(std::move(variables));
  auto resolver = resolver_of(config_file, environment);
  const auto host = resolver.find(request.host);
  if (!host) snowflake_registry(request);
  auto connection = resolver.connection_for(*host);
  check_connection(connection, resolver.paths().settings);
  Digest rest;
  rest.add("connection");
  for (const auto& [key, value] : connection.fields) rest.add(key).add(value.reveal());
  if (connection.authenticator() == "WORKLOAD_IDENTITY") add_cloud(rest, environment);
  auto key = key_of(connection, rest);
  return {*host, std::move(connection), std::move(key), IdentitySource::connection, {}};
}

base::NextStep step_for_connection(const Error& error) {
  constexpr const char* without_user =
      "a kubelet cannot ask a user: use a key pair, a programmatic access token or WORKLOAD_IDENTITY in the "
      "connection";
  const auto& next = error.next_step();
  if (error.kind() == Kind::login_required) return without_user;
  if (!next.without_terminal.empty()) return next.without_terminal;
  switch (next.needs) {
    case base::Needs::terminal:
      return without_user;
    case base::Needs::new_connection:
      return "add a connection for this account to config.toml in the directory SNOWFLAKE_HOME of the "
             "provider's entry (env), or set another file with --config-file (args)";
    default:
      return next;
  }
}

base::NextStep step_for_identity(const Error& error, IdentitySource source) {
  const auto& next = error.next_step();
  // The only value that such a login does not make itself.
  if (error.kind() == Kind::config && next.needs == base::Needs::connection)
    return "correct the role in the annotation snowflake.com/role of the service account, or in "
           "SNOWFLAKE_ROLE in env of the provider's entry";
  switch (next.needs) {
    case base::Needs::nothing:
      return next.without_terminal.empty() ? next : next.without_terminal;
    case base::Needs::role:
      return source == IdentitySource::service_account
                 ? "grant the role and its privileges to the user in Snowflake, or name another role in the "
                   "annotation snowflake.com/role of the service account, or in SNOWFLAKE_ROLE in env of the "
                   "provider's entry"
                 : "grant the role and its privileges to the user in Snowflake, or name another role in "
                   "SNOWFLAKE_ROLE in env of the provider's entry";
    default:
      return error.consequences().transient
                 ? "check the host of the image, the network and proxy of this node, and the network policy "
                   "of the account"
                 : "check the user that has this identity in Snowflake, and the login history in Snowsight";
  }
}

}  // namespace

KubeletIdentity choose_kubelet_identity(const KubeletRequest& request,
                                        const std::optional<std::filesystem::path>& config_file,
                                        const base::Environment& environment) {
  if (!request.service_account_token.empty()) return of_service_account(request, environment);
  if (const auto cloud = environment.non_empty("SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER"))
    return of_cloud(request, checked_provider(*cloud), environment);
  if (config_file || environment.non_empty("SNOWFLAKE_HOME") || environment.non_empty("SNOWFLAKE_ACCOUNT")) {
    try {
      return of_connection(request, config_file, environment);
    } catch (const Error& error) {
      throw with_advice_for_node(error, IdentitySource::connection);
    }
  }
  return of_cloud(request, {}, environment);
}

base::Error with_advice_for_node(const base::Error& error, IdentitySource source) {
  return {
      error.kind(), error.what(),
      source == IdentitySource::connection ? step_for_connection(error) : step_for_identity(error, source),
      error.consequences()};
}

}  // namespace helper
