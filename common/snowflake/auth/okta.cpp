// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "net/markup.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/requirements.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::milliseconds okta_timeout{15'000};

/// Whether an address, which somebody else wrote, leads to `place`. One that is none leads nowhere.
bool leads_to(const net::UrlParts& place, const std::string& address) {
  try {
    const auto parts = net::parse_url(address);
    return parts.scheme == place.scheme && parts.host == place.host && parts.port == place.port;
  } catch (const Error&) {
    return false;
  }
}

/// Where Okta takes passwords, and where it gives assertions.
struct OktaAddresses {
  std::string token;
  std::string sso;
};

/// User and password, given to Okta, which gives an assertion for Snowflake (`snowflake/PROTOCOL.md` 3.9).
/// Nobody need be present; a factor that Okta wants besides is for the browser.
class Okta final : public Authenticator {
public:
  explicit Okta(const AuthContext& context)
      : context_(context), okta_(net::parse_url(context.connection.authenticator())) {}

  void prepare() override {
    user_ = required_user(context_.connection);
    password_ = context_.connection.secret("password");
    if (password_.empty()) {
      throw Error(Kind::config, "251006: Password is empty",
                  "set SNOWFLAKE_PASSWORD, or password in the connection, to the one that Okta knows");
    }
    const auto addresses = ask_snowflake();
    page_ = page_with_assertion(addresses);
    check_destination();
  }

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = user_;
    data["RAW_SAML_RESPONSE"] = std::string{page_.reveal()};
  }

  // An assertion is good for one sign-in.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }

private:
  OktaAddresses ask_snowflake() const {
    const auto given = authenticator_request(context_, context_.connection.authenticator());
    OktaAddresses addresses{base::text_at(given, "tokenUrl").value_or(""),
                            base::text_at(given, "ssoUrl").value_or("")};
    // Before the password goes there: Snowflake, or whoever answered for it, must not choose who gets it.
    for (const auto& address : {addresses.token, addresses.sso}) {
      if (leads_to(okta_, address)) continue;
      throw Error(Kind::denied, "Snowflake names another identity provider than " + okta_.host,
                  "check authenticator in the connection: it is the address of the account's own Okta");
    }
    return addresses;
  }

  net::HttpRequest request_to(const std::string& url) const {
    net::HttpRequest request;
    request.url = url;
    request.timeout = okta_timeout;
    return request;
  }

  void throw_if_trouble(const net::HttpResponse& response) const {
    if (response.status != 429 && response.status < 500) return;
    throw Error(Kind::network, okta_.host + " answered with HTTP status " + std::to_string(response.status),
                "try again later; https://status.okta.com tells about outages");
  }

  [[noreturn]] void fail(const std::string& what, const std::string& hint) const {
    throw Error(Kind::denied, okta_.host + " " + what, hint);
  }

  base::Secret one_time_token(const OktaAddresses& addresses) const {
    auto request = request_to(addresses.token);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}, {"accept", "application/json"}};
    request.body = base::Secret{base::Json{{"username", user_}, {"password", password_.reveal()}}.dump(
        -1, ' ', false, base::Json::error_handler_t::replace)};
    request.retry_mode = net::RetryMode::only_if_not_processed;  // wrong passwords are counted
    const auto response = context_.http.send(request);
    throw_if_trouble(response);
    const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
    if (response.status == 401 || response.status == 403) {
      const auto reason = base::text_at(json, "errorSummary").value_or("");
      throw Error(Kind::denied,
                  okta_.host + " refused user and password" +
                      (reason.empty() ? "" : ": " + base::printable(reason, 200)),
                  "correct user and password in the connection: they are Okta's, not Snowflake's",
                  base::counted);
    }
    for (const char* field : {"sessionToken", "cookieToken"}) {
      if (const auto token = base::text_at(json, field); token && !token->empty())
        return base::Secret{*token};
    }
    const auto status = base::text_at(json, "status").value_or("");
    if (status.starts_with("MFA_")) {
      fail("wants a second factor",
           "write authenticator = \"externalbrowser\" into the connection, or use a key pair");
    }
    if (!status.empty()) {
      fail("signs this user in only after something else: " + base::printable(status, 50),
           "sign in to Okta with a browser, and do what it asks for");
    }
    fail("gave no session token (HTTP status " + std::to_string(response.status) + ")",
         "check authenticator in the connection");
  }

  /// A token is good for one request, whatever becomes of it: each attempt has one of its own. It has to be
  /// in the address, where Okta looks for it.
  base::Secret page_with_assertion(const OktaAddresses& addresses) const {
    const auto url = [&] {
      return addresses.sso + (addresses.sso.find('?') == std::string::npos ? "?" : "&") +
             "RelayState=%2Fsome%2Fdeep%2Flink&onetimetoken=" +
             net::percent_encode(one_time_token(addresses).reveal());
    };
    auto request = request_to(url());
    request.headers = {{"accept", "*/*"}};
    request.before_retry = [&](net::HttpRequest& again, int, int) { again.url = url(); };
    auto response = context_.http.send(request);
    throw_if_trouble(response);
    if (response.status == 200) return std::move(response.body);
    fail("gave no assertion for Snowflake (HTTP status " + std::to_string(response.status) + ")",
         "have an administrator of Okta assign Snowflake's application to this user");
  }

  void check_destination() const {
    const auto action = net::attribute_of(page_.reveal(), "form", "action");
    if (!action) {
      fail("gave a page without the form that carries an assertion",
           "have an administrator of Okta assign Snowflake's application to this user");
    }
    if (context_.connection.flag("disable_saml_url_check")) return;
    const auto& account = context_.account;
    if (leads_to({account.protocol, account.host, account.port}, *action)) return;
    fail("made an assertion for another place than " + account.host,
         "check account and host in the connection; for an account with several addresses, write "
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
