// SPDX-License-Identifier: Apache-2.0
#include "token/stores/secret_service_store.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace token {
namespace {

/// An entry of an item: {"entries": [{"kind", "detail", "value", "expires_at"}, ...]}.
struct Entry {
  std::string kind;
  std::string detail;
  base::Secret value;
  std::int64_t expires_at = 0;

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
                base::whole_number_at(element, "expires_at").value_or(0)};
    if (base::TimePoint{std::chrono::seconds{entry.expires_at}} > now) entries.push_back(std::move(entry));
  }
  return entries;
}

base::Secret item_of(const std::vector<Entry>& entries) {
  base::Json list = base::Json::array();
  for (const auto& entry : entries) {
    list.push_back({{"kind", entry.kind},
                    {"detail", entry.detail},
                    {"value", entry.value.reveal()},
                    {"expires_at", entry.expires_at}});
  }
  return base::Secret{base::dump_json(base::Json{{"entries", list}})};
}

SecretItems::Owner owner_of(const StoreKey& key) { return {key.host, key.user}; }

}  // namespace

SecretItems& SecretServiceStore::items() {
  if (items_) return *items_;
  try {
    items_ = std::make_unique<SecretItems>(environment_);
  } catch (const base::Error& error) {
    if (error.kind() == base::Kind::keyring) throw;
    throw StoreMissing(error.what(), error.next_step());  // the library is not installed
  }
  return *items_;
}

std::optional<base::Secret> SecretServiceStore::load(const StoreKey& key) {
  for (const auto& entry : entries_of(items().load(owner_of(key)), clock_.now())) {
    if (entry.is(key)) return entry.value;
  }
  return std::nullopt;
}

void SecretServiceStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  auto entries = entries_of(items().load(owner_of(key)), clock_.now());
  std::erase_if(entries, [&](const Entry& entry) { return entry.is(key); });
  entries.push_back({key.kind, key.detail, secret, expires_at.time_since_epoch().count()});
  items().save(owner_of(key), item_of(entries));
}

bool SecretServiceStore::erase(const StoreKey& key) {
  const auto item = items().load(owner_of(key));
  if (!item) return false;
  auto entries = entries_of(item, clock_.now());
  const bool erased = std::erase_if(entries, [&](const Entry& entry) { return entry.is(key); }) > 0;
  if (entries.empty()) {
    items().erase(owner_of(key));
  } else if (erased) {
    items().save(owner_of(key), item_of(entries));
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
