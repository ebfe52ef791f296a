// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "net/markup.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::milliseconds okta_timeout{15'000};

/// Whether a URL from a server has the given scheme, host and port. False when it is not a valid URL.
bool has_origin(const net::UrlParts& origin, const std::string& url) {
  try {
    const auto parts = net::parse_url(url);
    return parts.scheme == origin.scheme && parts.host == origin.host && parts.port == origin.port;
  } catch (const Error&) {
    return false;
  }
}

/// The Okta URLs for one-time tokens and for assertions.
struct OktaUrls {
  std::string token;
  std::string sso;
};

/// Sends user and password to Okta, which returns an assertion for Snowflake (`snowflake/PROTOCOL.md` 3.9).
/// Users for whom Okta requires a second factor must log in with a browser instead.
class Okta final : public Authenticator {
public:
  explicit Okta(const AuthContext& context)
      : context_(context), okta_(net::parse_url(context.connection.authenticator())) {}

  void prepare() override {
    user_ = required_user(context_.connection);
    password_ = context_.connection.secret("password");
    if (password_.empty()) {
      throw Error(Kind::config, "251006: Password is empty",
                  "set SNOWFLAKE_PASSWORD, or password in the connection, to the user's Okta password");
    }
    const auto urls = ask_snowflake();
    page_ = page_with_assertion(urls);
    check_destination();
  }

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = user_;
    data["RAW_SAML_RESPONSE"] = page_.reveal();
  }

  // An assertion is valid for one login.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }

private:
  OktaUrls ask_snowflake() const {
    const auto data = authenticator_request(context_, context_.connection.authenticator());
    OktaUrls urls{base::text_at(data, "tokenUrl").value_or(""), base::text_at(data, "ssoUrl").value_or("")};
    // The connection decides who gets the password, not the answer.
    for (const auto& url : {urls.token, urls.sso}) {
      if (has_origin(okta_, url)) continue;
      throw Error(Kind::denied, "Snowflake uses a different identity provider than " + okta_.host,
                  "check authenticator in the connection: it must be the URL of the account's own Okta");
    }
    return urls;
  }

  net::HttpRequest request_to(const std::string& url) const {
    net::HttpRequest request;
    request.url = url;
    request.timeout = okta_timeout;
    return request;
  }

  void throw_if_unavailable(const net::HttpResponse& response) const {
    if (response.status != 429 && response.status < 500) return;
    throw Error(Kind::network, okta_.host + " answered with HTTP status " + std::to_string(response.status),
                "try again later; see https://status.okta.com for outages");
  }

  [[noreturn]] void fail(const std::string& what, const std::string& hint) const {
    throw Error(Kind::denied, okta_.host + " " + what, hint);
  }

  base::Secret one_time_token(const OktaUrls& urls) const {
    auto request = request_to(urls.token);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}, {"accept", "application/json"}};
    request.body =
        base::Secret{base::dump_json(base::Json{{"username", user_}, {"password", password_.reveal()}})};
    request.retry_mode = net::RetryMode::only_if_not_processed;  // Okta counts wrong passwords
    const auto response = context_.http.send(request);
    throw_if_unavailable(response);
    const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
    if (response.status == 401 || response.status == 403) {
      const auto reason = base::text_at(json, "errorSummary").value_or("");
      throw Error(Kind::denied,
                  okta_.host + " refused user and password" +
                      (reason.empty() ? "" : ": " + base::printable(reason, 200)),
                  "correct user and password in the connection: they must be Okta's, not Snowflake's",
                  base::counted);
    }
    for (const char* field : {"sessionToken", "cookieToken"}) {
      if (const auto token = base::text_at(json, field); token && !token->empty())
        return base::Secret{*token};
    }
    const auto status = base::text_at(json, "status").value_or("");
    if (status.starts_with("MFA_")) {
      fail("requires a second factor",
           "set authenticator = \"externalbrowser\" in the connection, or use a key pair");
    }
    if (!status.empty()) {
      fail("requires another step before this user can log in: " + base::printable(status, 50),
           "log in to Okta with a browser, and follow its instructions");
    }
    fail("sent no session token (HTTP status " + std::to_string(response.status) + ")",
         "check authenticator in the connection");
  }

  /// A one-time token is valid for one request, even a failed one, so every attempt gets a new one. Okta
  /// accepts it only in the URL.
  base::Secret page_with_assertion(const OktaUrls& urls) const {
    const auto url = [&] {
      std::string result = urls.sso;
      net::add_query(result, "RelayState", "/some/deep/link");
      net::add_query(result, "onetimetoken", one_time_token(urls).reveal());
      return result;
    };
    auto request = request_to(url());
    request.headers = {{"accept", "*/*"}};
    request.before_retry = [&](net::HttpRequest& again, int, int) { again.url = url(); };
    auto response = context_.http.send(request);
    throw_if_unavailable(response);
    if (response.status == 200) return std::move(response.body);
    fail("sent no assertion for Snowflake (HTTP status " + std::to_string(response.status) + ")",
         "ask an Okta administrator to assign the Snowflake application to this user");
  }

  void check_destination() const {
    const auto action = net::attribute_of(page_.reveal(), "form", "action");
    if (!action) {
      fail("sent a page without an assertion",
           "ask an Okta administrator to assign the Snowflake application to this user");
    }
    if (context_.connection.flag("disable_saml_url_check")) return;
    const auto& account = context_.account;
    if (has_origin({account.protocol, account.host, account.port}, *action)) return;
    fail("sent an assertion for a different host than " + account.host,
         "check account and host in the connection; if the account has several hosts, set "
         "disable_saml_url_check = true");
  }

  AuthContext context_;
  net::UrlParts okta_;
  std::string user_;
  base::Secret password_;
  base::Secret page_;
};

}  // namespace

std::unique_ptr<Authenticator> okta_authenticator(const AuthContext& context) {
  return std::make_unique<Okta>(context);
}

}  // namespace snowflake
