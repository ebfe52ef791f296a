// SPDX-License-Identifier: Apache-2.0
#include "token/stores/secret_items.hpp"

#include <functional>

#include "base/error.hpp"
#include "token/stores/libsecret.hpp"
#include "token/token_store.hpp"

namespace token {
namespace {

using base::Error;
using base::Kind;

constexpr const char* application = "docker-credential-snowflake";

// Without attributes "label", "server", "username" or "docker_cli": Docker's own helper would mistake the
// item for its own, and return what is in it (docker/PROTOCOL.md 5).
const SecretSchema schema = {"com.snowflake.docker-credential-snowflake",
                             SECRET_SCHEMA_NONE,
                             {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
                              {"host", SECRET_SCHEMA_ATTRIBUTE_STRING},
                              {"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
                              {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
                             0,
                             nullptr,
                             nullptr,
                             nullptr,
                             nullptr,
                             nullptr,
                             nullptr,
                             nullptr};

struct FreeTable {
  void operator()(GHashTable* table) const { libsecret().hash_table_unref(table); }
};
using Attributes = std::unique_ptr<GHashTable, FreeTable>;

/// Throws when this session has no D-Bus: GLib would start one.
void require_bus(const base::Environment& environment) {
  const auto address = environment.non_empty("DBUS_SESSION_BUS_ADDRESS");
  if (address && !address->starts_with("autolaunch:")) return;
  std::error_code ignored;
  const auto runtime = environment.non_empty("XDG_RUNTIME_DIR");
  if (!address && runtime && std::filesystem::exists(std::filesystem::path{*runtime} / "bus", ignored))
    return;
  throw StoreMissing("this session has no D-Bus, as usual over SSH and in containers", {});
}

[[noreturn]] void fail_locked() {
  throw Error(Kind::keyring, "the desktop's keyring is locked",
              "unlock it in Passwords and Keys (seahorse) or KWallet, or log in with a password");
}

/// The strings must outlive the table, which does not copy them.
Attributes attributes_of(const SecretItems::Owner* owner) {
  Attributes table{libsecret().hash_table_new(libsecret().str_hash, libsecret().str_equal)};
  const auto insert = [&](const char* name, const char* value) {
    libsecret().hash_table_insert(table.get(), const_cast<char*>(name), const_cast<char*>(value));
  };
  insert("application", application);
  if (owner != nullptr) {
    insert("host", owner->host.c_str());
    insert("user", owner->user.c_str());
  }
  return table;
}

std::string attribute(SecretItem* item, const char* name) {
  const Attributes table{libsecret().item_get_attributes(item)};
  const auto* value = static_cast<const char*>(libsecret().hash_table_lookup(table.get(), name));
  return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace

struct SecretItems::Service {
  Object<SecretService> proxy;

  /// Calls `visit` with every item of the owner, or of all owners.
  void each(const Owner* owner, bool with_secrets, const std::function<void(SecretItem*)>& visit) const {
    const auto attributes = attributes_of(owner);
    const auto flags = static_cast<SecretSearchFlags>(
        SECRET_SEARCH_ALL | (with_secrets ? SECRET_SEARCH_LOAD_SECRETS : SECRET_SEARCH_NONE));
    GList* items = within_timeout("look up an item in the Secret Service", [&](GCancellable* cancellable,
                                                                               GError** error) {
      return libsecret().service_search(proxy.get(), &schema, attributes.get(), flags, cancellable, error);
    });
    std::vector<Object<SecretItem>> owned;
    for (const GList* link = items; link != nullptr; link = link->next) {
      owned.emplace_back(static_cast<SecretItem*>(link->data));
    }
    libsecret().list_free(items);
    for (const auto& item : owned) visit(item.get());
  }

  Object<SecretCollection> collection() const {
    for (const char* alias : {"default", "login"}) {
      Object<SecretCollection> found{within_timeout(
          "open the keyring of the Secret Service", [&](GCancellable* cancellable, GError** error) {
            return libsecret().collection_for_alias(proxy.get(), alias, SECRET_COLLECTION_NONE, cancellable,
                                                    error);
          })};
      if (!found) continue;
      if (libsecret().collection_get_locked(found.get()) != 0) fail_locked();
      return found;
    }
    throw Error(Kind::keyring, "the Secret Service has no default keyring",
                "create one in Passwords and Keys (seahorse), KWallet or KeePassXC");
  }
};

SecretItems::SecretItems(const base::Environment& environment) : service_(std::make_unique<Service>()) {
  require_bus(environment);
  // GLib's warnings would appear among Docker's own messages.
  libsecret().log_set_default_handler([](const gchar*, GLogLevelFlags, const gchar*, gpointer) {}, nullptr);
  try {
    service_->proxy.reset(
        within_timeout("connect to the Secret Service", [](GCancellable* cancellable, GError** error) {
          return libsecret().service_get(SECRET_SERVICE_OPEN_SESSION, cancellable, error);
        }));
  } catch (const Error& error) {
    // A service that is slow may hold secrets; one that does not exist cannot.
    if (error.consequences().transient) throw;
    throw StoreMissing(error.what(), error.next_step());
  }
}

SecretItems::~SecretItems() = default;

void SecretItems::check() const { service_->collection(); }

std::optional<base::Secret> SecretItems::load(const Owner& owner) const {
  std::optional<base::Secret> secret;
  service_->each(&owner, true, [&](SecretItem* item) {
    if (libsecret().item_get_locked(item) != 0) fail_locked();
    SecretValue* value = libsecret().item_get_secret(item);
    if (value == nullptr) return;
    gsize size = 0;
    const gchar* text = libsecret().value_get(value, &size);
    secret.emplace(std::string_view{text, size});
    libsecret().value_unref(value);
  });
  return secret;
}

void SecretItems::save(const Owner& owner, const base::Secret& secret) const {
  const auto collection = service_->collection();
  const auto attributes = attributes_of(&owner);
  const std::string label =
      "Snowflake login of " + (owner.user.empty() ? "a token" : owner.user) + " at " + owner.host;
  SecretValue* value = libsecret().value_new(secret.reveal().data(),
                                             static_cast<gssize>(secret.reveal().size()), "application/json");
  const std::unique_ptr<SecretValue, void (*)(SecretValue*)> guard{
      value, [](SecretValue* v) { libsecret().value_unref(v); }};
  const Object<SecretItem> item{
      within_timeout("store an item in the Secret Service", [&](GCancellable* cancellable, GError** error) {
        return libsecret().item_create(collection.get(), &schema, attributes.get(), label.c_str(), value,
                                       SECRET_ITEM_CREATE_REPLACE, cancellable, error);
      })};
}

void SecretItems::erase(const Owner& owner) const {
  service_->each(&owner, false, [](SecretItem* item) {
    if (libsecret().item_get_locked(item) != 0) fail_locked();
    within_timeout("delete an item in the Secret Service", [&](GCancellable* cancellable, GError** error) {
      return libsecret().item_delete(item, cancellable, error);
    });
  });
}

std::vector<SecretItems::Owner> SecretItems::owners() const {
  std::vector<Owner> owners;
  service_->each(nullptr, false, [&](SecretItem* item) {
    owners.push_back({attribute(item, "host"), attribute(item, "user")});
  });
  return owners;
}

}  // namespace token
