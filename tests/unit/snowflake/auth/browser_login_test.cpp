// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/browser_login.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/login.hpp"
#include "ui/browser_request.hpp"

using base::Json;

namespace {

struct BrowserFixture : fakes::Login {
  explicit BrowserFixture(const char* authenticator) : Login(Fields{{"authenticator", authenticator}}) {}

  ui::Fields form(std::size_t request) const {
    return ui::parse_form(http.sent.at(request).body.reveal()).value();
  }
};

struct SingleSignOn : BrowserFixture {
  SingleSignOn() : BrowserFixture("externalbrowser") {
    prompter.paste = [](const std::string&) { return "http://localhost:1/?token=T%2B"; };
  }
  void grant_address(const char* address = "https://idp.example/x") {
    http.grant({{"ssoUrl", address}, {"proofKey", "P"}, {"tokenUrl", nullptr}});
  }
};

/// An address as a provider leads back to, for the state that it was given.
std::string back(const std::string& address, const std::string& query) {
  const auto asked = ui::fields_in_url(address);
  return "http://127.0.0.1:1/?state=" + std::string{ui::value_of(asked, "state")} + "&" + query;
}

struct Code : BrowserFixture {
  Code() : BrowserFixture("oauth_authorization_code") {
    fields["oauth_enable_refresh_tokens"] = "true";
    prompter.paste = [](const std::string& address) { return back(address, "code=C"); };
  }
  void grant_tokens(const Json& tokens) { http.answer(200, tokens.dump()); }
};

}  // namespace

TEST_CASE("the token from the browser is sent with the proof key") {
  SingleSignOn f;
  f.grant_address();
  f.grant_session({{"idToken", "I"}});
  f.log_in(&f.prompter);
  CHECK(f.prompter.opened == std::vector<std::string>{"https://idp.example/x"});
  CHECK(f.data(0)["BROWSER_MODE_REDIRECT_PORT"].is_string());
  CHECK(f.data(1)["AUTHENTICATOR"] == "EXTERNALBROWSER");
  CHECK(f.data(1)["TOKEN"] == "T+");
  CHECK(f.data(1)["PROOF_KEY"] == "P");
  CHECK(f.http.sent[1].retry_mode == net::RetryMode::only_if_not_processed);
  CHECK(f.stored.load(snowflake::id_token_kind)->reveal() == "I");
}

TEST_CASE("an id token is used first, without a user, and erased when it is refused") {
  SingleSignOn f;
  f.stored.save(snowflake::id_token_kind, base::Secret{"I"}, f.clock.now() + std::chrono::hours{1});
  f.grant_session();
  f.log_in(nullptr);
  CHECK(f.data(0)["AUTHENTICATOR"] == "ID_TOKEN");
  CHECK(f.data(0)["TOKEN"] == "I");
  CHECK_FALSE(f.data(0).contains("PROOF_KEY"));

  f.http.refuse("390195", "invalid");
  const auto error = fakes::error_of([&] { f.log_in(nullptr); });
  CHECK(error.kind() == base::Kind::login_required);
  CHECK(fakes::contains(error.hint(), "docker snowflake login -c dev"));
  CHECK_FALSE(f.stored.load(snowflake::id_token_kind));
}

TEST_CASE("another refusal keeps the id token, and does not open the browser") {
  SingleSignOn f;
  f.stored.save(snowflake::id_token_kind, base::Secret{"I"}, f.clock.now() + std::chrono::hours{1});
  f.http.refuse("390189", "no such role");
  CHECK(fakes::error_of([&] { f.log_in(&f.prompter); }).kind() == base::Kind::denied);
  CHECK(f.stored.load(snowflake::id_token_kind));
  CHECK(f.prompter.opened.empty());
}

TEST_CASE("a login URL that is not http(s) is not opened") {
  SingleSignOn f;
  f.grant_address("file:///etc/passwd");
  CHECK(fakes::error_of([&] { f.log_in(&f.prompter); }).kind() == base::Kind::denied);
  CHECK(f.prompter.opened.empty());
}

TEST_CASE("a code is exchanged with its verifier, and the tokens are stored") {
  Code f;
  f.grant_tokens({{"access_token", "A"}, {"refresh_token", "R"}, {"expires_in", 600}});
  f.grant_session();
  f.log_in(&f.prompter);
  const auto form = f.form(0);
  CHECK(ui::value_of(form, "grant_type") == "authorization_code");
  CHECK(ui::value_of(form, "code") == "C");
  CHECK(ui::value_of(form, "code_verifier").size() == 43);
  CHECK(f.http.sent[0].authorization.reveal() == "Basic TE9DQUxfQVBQTElDQVRJT046TE9DQUxfQVBQTElDQVRJT04=");
  CHECK(f.http.sent[0].retry_mode == net::RetryMode::only_if_not_processed);
  CHECK(f.data(1)["TOKEN"] == "A");
  f.grant_session();
  f.log_in(nullptr);
  CHECK(f.data(3)["TOKEN"] == "A");
}

TEST_CASE("a refused access token is refreshed, and a refused refresh token needs a user") {
  Code f;
  f.grant_tokens({{"access_token", "A"}, {"refresh_token", "R"}});
  f.grant_session();
  f.log_in(&f.prompter);

  f.http.refuse("390318", "expired");
  f.grant_tokens({{"access_token", "A2"}});
  f.grant_session();
  f.log_in(nullptr);
  CHECK(ui::value_of(f.form(4), "refresh_token") == "R");
  CHECK(f.data(5)["TOKEN"] == "A2");

  f.http.refuse("390303", "invalid");
  f.http.answer(400, R"({"error":"invalid_grant"})");
  CHECK(fakes::error_of([&] { f.log_in(nullptr); }).kind() == base::Kind::login_required);
  CHECK(f.store.secrets.empty());
  CHECK(f.prompter.opened.size() == 1);
}

TEST_CASE("a network error during a refresh does not open the browser, and erases nothing") {
  Code f;
  f.grant_tokens({{"access_token", "A"}, {"refresh_token", "R"}});
  f.grant_session();
  f.log_in(&f.prompter);
  f.http.refuse("390318", "expired");
  f.http.fail(net::NoAnswer::Reason::cut_off);
  CHECK(fakes::error_of([&] { f.log_in(&f.prompter); }).kind() == base::Kind::network);
  CHECK(f.prompter.opened.size() == 1);
  CHECK(f.store.secrets.size() == 1);
}

TEST_CASE("an answer with another state is not accepted, and does not end the wait") {
  Code f;
  f.prompter.paste = [tries = 0](const std::string& address) mutable {
    if (++tries == 1) return std::string{"http://127.0.0.1:1/?state=guessed&code=stolen"};
    if (tries == 2) return std::string{"http://127.0.0.1:1/?error=access_denied&state="};
    return back(address, "code=C");
  };
  f.grant_tokens({{"access_token", "A"}});
  f.grant_session();
  f.log_in(&f.prompter);
  CHECK(ui::value_of(f.form(0), "code") == "C");
}

TEST_CASE("the provider's refusal is shown with its message, and nothing is sent") {
  Code f;
  f.prompter.paste = [](const std::string& address) {
    return back(address, "error=access_denied&error_description=Not+today.");
  };
  const auto error = fakes::error_of([&] { f.log_in(&f.prompter); });
  CHECK(error.kind() == base::Kind::denied);
  CHECK(fakes::contains(error.what(), "access_denied: Not today."));
  CHECK(f.http.sent.empty());
}

TEST_CASE("a program requests a token itself, and another one when that is refused") {
  BrowserFixture f{"oauth_client_credentials"};
  f.fields.insert({{"oauth_token_request_url", "https://idp.example/t"},
                   {"oauth_client_id", "id"},
                   {"oauth_client_secret", "se cret&"},
                   {"oauth_credentials_in_body", "true"}});
  f.http.answer(200, R"({"access_token":"A","refresh_token":"R"})");
  f.grant_session();
  f.log_in(nullptr);
  CHECK(f.http.sent[0].authorization.empty());
  CHECK(ui::value_of(f.form(0), "client_secret") == "se cret&");
  CHECK(f.store.secrets.size() == 1);

  f.http.refuse("390318", "expired");
  f.http.answer(200, R"({"access_token":"A2"})");
  f.grant_session();
  f.log_in(nullptr);
  CHECK(f.data(5)["TOKEN"] == "A2");
}

using snowflake::RedirectAddress;

TEST_CASE("a loopback redirect URI gets the port of the listener") {
  struct Case {
    const char *configured, *uri, *path;
    int port;
  };
  for (const auto& [configured, uri, path, port] : {
           Case{"", "http://127.0.0.1:4711", "/", 0},
           Case{"http://127.0.0.1", "http://127.0.0.1:4711", "/", 0},
           Case{"http://localhost/", "http://localhost:4711/", "/", 0},
           Case{"http://localhost/call/back?a=b", "http://localhost:4711/call/back?a=b", "/call/back", 0},
           Case{"http://[::1]/x", "http://[::1]:4711/x", "/x", 0},
           Case{"http://localhost:8080/x", "http://localhost:4711/x", "/x", 8080},
           Case{"http://[::1]:8080", "http://[::1]:4711", "/", 8080},
           Case{"https://relay.example/x", "https://relay.example/x", "/x", 0},
           Case{"https://relay.example:8443/x", "https://relay.example:8443/x", "/x", 8443},
       }) {
    INFO(configured);
    const RedirectAddress address{configured};
    CHECK(address.uri(4711) == uri);
    CHECK(address.path() == path);
    CHECK(address.port() == port);
  }
}

TEST_CASE("a redirect URI must be a valid URL") {
  for (const auto* configured :
       {"nonsense://x", "http://", "localhost:8080", "http://localhost/#x", "http://a b/"}) {
    INFO(configured);
    CHECK(fakes::error_of([&] { RedirectAddress{configured}; }).kind() == base::Kind::config);
  }
}
