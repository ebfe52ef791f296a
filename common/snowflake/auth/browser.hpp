// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/auth/authenticator.hpp"
#include "ui/browser_visit.hpp"

namespace snowflake {

/// Whoever can use a browser. Throws `login_required` when there is nobody, as in the credential helper.
ui::Prompter& required_person(const AuthContext&);

/// Leads the person to `address` and waits until `callback` took what their browser brings back to the
/// `listener`, for as long as the connection's `external_browser_timeout` says (seconds; 120 without it).
/// Throws `login_required` when nothing came in time, `denied` when `address` is none to open, and `config`.
void use_browser(const AuthContext&, ui::LoopbackListener&, const std::string& address,
                 const ui::Callback& callback, const std::string& comes_back);

/// What a page says when the browser brought what was waited for.
ui::Page arrival_page();

/// Whether the connection lets proofs be kept: unless `client_store_temporary_credential` is false.
bool keeps_proofs(const config::Connection&);

}  // namespace snowflake
