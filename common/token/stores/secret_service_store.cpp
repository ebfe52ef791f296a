// SPDX-License-Identifier: Apache-2.0
#include "token/stores/secret_service_store.hpp"

#include <algorithm>
#include <functional>

#include "base/json.hpp"
#include "token/stores/libsecret.hpp"

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

/// The attributes of an owner's item, or of all items. The strings must outlive the table, which does not
/// copy them.
Attributes attributes_of(const StoreKey* owner) {
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

/// An entry of an item: {"entries": [{"kind", "detail", "value", "expires_at"}, ...]}.
struct Entry {
  std::string kind;
  std::string detail;
  base::Secret value;
  base::TimePoint expires_at;

  bool is(const StoreKey& key) const { return kind == key.kind && detail == key.detail; }
};

/// An item that another program has overwritten counts as empty.
std::vector<Entry> entries_of(const std::optional<base::Secret>& item, base::TimePoint now) {
  std::vector<Entry> entries;
  if (!item) return entries;
  const auto json = base::parse_json(item->reveal()).value_or(nullptr);
  const auto& list = base::member(json, "entries");
  if (!list.is_array()) return entries;
  for (const auto& element : list) {
    Entry entry{base::text_at(element, "kind").value_or(""), base::text_at(element, "detail").value_or(""),
                base::Secret{base::text_at(element, "value").value_or("")},
                base::time_at(element, "expires_at").value_or(base::TimePoint{})};
    if (entry.expires_at > now) entries.push_back(std::move(entry));
  }
  return entries;
}

base::Secret item_of(const std::vector<Entry>& entries) {
  base::Json list = base::Json::array();
  for (const auto& entry : entries) {
    list.push_back({{"kind", entry.kind},
                    {"detail", entry.detail},
                    {"value", entry.value.reveal()},
                    {"expires_at", entry.expires_at.time_since_epoch().count()}});
  }
  return base::Secret{base::dump_json(base::Json{{"entries", list}})};
}

}  // namespace

/// This project's items in the Secret Service of this session: one for each host and user. The other parts of
/// a key are ignored here. All functions throw `keyring`; each call to the service takes two seconds at most.
class SecretServiceStore::Items {
public:
  /// Connects. Throws `config` when libsecret is not installed.
  explicit Items(const base::Environment& environment) {
    require_bus(environment);
    // GLib's warnings would appear among Docker's own messages.
    libsecret().log_set_default_handler([](const gchar*, GLogLevelFlags, const gchar*, gpointer) {}, nullptr);
    service_.reset(
        within_timeout("connect to the Secret Service", [](GCancellable* cancellable, GError** error) {
          return libsecret().service_get(SECRET_SERVICE_OPEN_SESSION, cancellable, error);
        }));
  }

  /// Throws when it is locked, or there is none.
  Object<SecretCollection> default_collection() const {
    for (const char* alias : {"default", "login"}) {
      Object<SecretCollection> found{within_timeout(
          "open the keyring of the Secret Service", [&](GCancellable* cancellable, GError** error) {
            return libsecret().collection_for_alias(service_.get(), alias, SECRET_COLLECTION_NONE,
                                                    cancellable, error);
          })};
      if (!found) continue;
      if (libsecret().collection_get_locked(found.get()) != 0) fail_locked();
      return found;
    }
    throw Error(Kind::keyring, "the Secret Service has no default keyring",
                "create one in Passwords and Keys (seahorse), KWallet or KeePassXC");
  }

  /// Absent when there is no such item. Throws when it is locked.
  std::optional<base::Secret> load(const StoreKey& owner) const {
    std::optional<base::Secret> secret;
    each(&owner, true, [&](SecretItem* item) {
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

  /// Creates or replaces the item.
  void save(const StoreKey& owner, const base::Secret& secret) const {
    const auto collection = default_collection();
    const auto attributes = attributes_of(&owner);
    const std::string label =
        "Snowflake login of " + (owner.user.empty() ? "a token" : owner.user) + " at " + owner.host;
    SecretValue* value = libsecret().value_new(
        secret.reveal().data(), static_cast<gssize>(secret.reveal().size()), "application/json");
    const std::unique_ptr<SecretValue, void (*)(SecretValue*)> guard{
        value, [](SecretValue* v) { libsecret().value_unref(v); }};
    const Object<SecretItem> item{
        within_timeout("store an item in the Secret Service", [&](GCancellable* cancellable, GError** error) {
          return libsecret().item_create(collection.get(), &schema, attributes.get(), label.c_str(), value,
                                         SECRET_ITEM_CREATE_REPLACE, cancellable, error);
        })};
  }

  /// Does nothing when there is no such item.
  void erase(const StoreKey& owner) const {
    each(&owner, false, [](SecretItem* item) {
      if (libsecret().item_get_locked(item) != 0) fail_locked();
      within_timeout("delete an item in the Secret Service", [&](GCancellable* cancellable, GError** error) {
        return libsecret().item_delete(item, cancellable, error);
      });
    });
  }

  /// The owners of all items, as keys without kind and detail.
  std::vector<StoreKey> owners() const {
    std::vector<StoreKey> owners;
    each(nullptr, false, [&](SecretItem* item) {
      owners.push_back(
          {.kind = {}, .host = attribute(item, "host"), .user = attribute(item, "user"), .detail = {}});
    });
    return owners;
  }

private:
  /// Calls `visit` with every item of the owner, or of all owners.
  void each(const StoreKey* owner, bool with_secrets, const std::function<void(SecretItem*)>& visit) const {
    const auto attributes = attributes_of(owner);
    const auto flags = static_cast<SecretSearchFlags>(
        SECRET_SEARCH_ALL | (with_secrets ? SECRET_SEARCH_LOAD_SECRETS : SECRET_SEARCH_NONE));
    GList* items = within_timeout("look up an item in the Secret Service", [&](GCancellable* cancellable,
                                                                               GError** error) {
      return libsecret().service_search(service_.get(), &schema, attributes.get(), flags, cancellable, error);
    });
    std::vector<Object<SecretItem>> owned;
    for (const GList* link = items; link != nullptr; link = link->next) {
      owned.emplace_back(static_cast<SecretItem*>(link->data));
    }
    libsecret().list_free(items);
    for (const auto& item : owned) visit(item.get());
  }

  Object<SecretService> service_;
};

SecretServiceStore::SecretServiceStore(const base::Environment& environment, base::Clock& clock)
    : environment_(environment), clock_(clock) {}

SecretServiceStore::~SecretServiceStore() = default;

SecretServiceStore::Items& SecretServiceStore::items() {
  if (items_) return *items_;
  try {
    items_ = std::make_unique<Items>(environment_);
  } catch (const Error& error) {
    // A service that is slow may hold secrets; one that does not exist, or whose library does not, cannot.
    if (error.consequences().transient) throw;
    throw StoreMissing(error.what(), error.next_step());
  }
  return *items_;
}

void SecretServiceStore::check() { items().default_collection(); }

std::optional<base::Secret> SecretServiceStore::load(const StoreKey& key) {
  for (const auto& entry : entries_of(items().load(key), clock_.now())) {
    if (entry.is(key)) return entry.value;
  }
  return std::nullopt;
}

void SecretServiceStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  auto entries = entries_of(items().load(key), clock_.now());
  std::erase_if(entries, [&](const Entry& entry) { return entry.is(key); });
  entries.push_back({key.kind, key.detail, secret, expires_at});
  items().save(key, item_of(entries));
}

bool SecretServiceStore::erase(const StoreKey& key) {
  const auto item = items().load(key);
  if (!item) return false;
  auto entries = entries_of(item, clock_.now());
  const bool erased = std::erase_if(entries, [&](const Entry& entry) { return entry.is(key); }) > 0;
  if (entries.empty()) {
    items().erase(key);
  } else if (erased) {
    items().save(key, item_of(entries));
  }
  return erased;
}

std::vector<StoreKey> SecretServiceStore::keys() {
  std::vector<StoreKey> keys;
  for (const auto& owner : items().owners()) {
    for (const auto& entry : entries_of(items().load(owner), clock_.now())) {
      keys.push_back({entry.kind, owner.host, owner.user, entry.detail});
    }
  }
  return keys;
}

}  // namespace token
