// SPDX-License-Identifier: Apache-2.0
#include "push/pusher.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "base/interruption.hpp"
#include "base/text.hpp"
#include "net/compressor.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr auto draw_interval = 100ms;
constexpr std::size_t read_size = 1U << 20;
constexpr std::size_t max_tags_to_learn_from = 10;
constexpr std::size_t max_mount_sources = 3;

std::string short_id(const Blob& blob) {
  constexpr std::size_t digits = 12;
  const auto& digest = blob.diff_id.empty() ? blob.descriptor.digest : blob.diff_id;
  return digest.substr(std::min<std::size_t>(digest.find(':') + 1, digest.size()), digits);
}

std::string key_of(const Blob& blob) { return blob.diff_id.empty() ? blob.descriptor.digest : blob.diff_id; }

/// Every blob of every image.
template <typename Function>
void for_each_layer(Contents& contents, Function function) {
  for (auto& image : contents.images) {
    for (auto& layer : image.layers) function(layer);
  }
}

/// What the role lacks: a registry says no more than that it is denied.
std::string grant_for(const Location& target) {
  auto parts = base::split(target.path, '/');
  parts.resize(std::min<std::size_t>(parts.size(), 3));
  return "the role needs GRANT READ, WRITE ON IMAGE REPOSITORY " + base::to_upper(base::join(parts, ".")) +
         " TO ROLE <role>, and USAGE on its database and schema; docker snowflake doctor " +
         base::join(parts, ".") + " tells which of them is missing";
}

Error with_hint(const Error& error, const Location& target, bool resume) {
  if (!error.hint().empty()) return error;
  if (error.kind() == Kind::denied) return {error.kind(), error.what(), grant_for(target)};
  if (error.kind() != Kind::network) return error;
  return {error.kind(), error.what(),
          resume ? "the same command continues where this one stopped"
                 : "try again; without --no-resume the same command continues where it stopped"};
}

}  // namespace

Pusher::Pusher(const base::Environment& environment, base::Clock& clock,
               registry::CredentialSource credential, Location target, Options options, Progress& progress)
    : environment_(environment),
      clock_(clock),
      credential_(std::move(credential)),
      target_(std::move(target)),
      options_(std::move(options)),
      progress_(progress),
      saved_(environment, options.resume),
      known_(environment) {}

/// For this image, and to read those that layers may be mounted from.
void Pusher::authorize(const std::set<std::string>& mount_sources) {
  std::string scopes = "repository:" + target_.path + ":pull,push";
  for (const auto& source : mount_sources) scopes += " repository:" + source + ":pull";
  authorization_ =
      std::make_unique<registry::Authorization>(clock_, target_.host, std::move(scopes), credential_);
}

registry::Repository Pusher::repository(std::function<void(const std::string&)> on_wait) {
  return {environment_, clock_, *authorization_, target_.path, stop_, std::move(on_wait)};
}

Pushed Pusher::push(Contents contents) {
  try {
    std::set<std::string> sources;
    for_each_layer(contents, [&](const Blob& layer) {
      const auto source = mount_source(layer, layer.descriptor.digest);
      if (!source.empty() && sources.size() < max_mount_sources) sources.insert(source);
    });
    if (!authorization_ || !sources.empty()) authorize(sources);
    learn_from_repository(contents);
    run(tasks_for(contents));
    const auto pushed = store_manifests(contents);
    known_.save();
    return pushed;
  } catch (const base::Interrupted&) {
    known_.save();
    delete_abandoned();
    throw;
  } catch (const Error& error) {
    known_.save();
    delete_abandoned();
    throw with_hint(error, target_, options_.resume);
  }
}

std::optional<Pushed> Pusher::push_known(const std::string& config_digest) {
  try {
    authorize({});
    auto registry = repository();
    const auto known = known_.manifest_of(target_.image(), config_digest);
    for (const auto& reference : {target_.reference, known}) {
      if (reference.empty()) continue;
      const auto manifest = registry.manifest(reference);
      if (!manifest || !children_of(*manifest).empty()) continue;
      const auto blobs = blobs_of_manifest(*manifest);
      if (blobs.front().digest != config_digest) continue;
      if (reference != target_.reference) registry.put_manifest(target_.reference, *manifest);
      known_.add_manifest(target_.image(), config_digest, manifest->digest);
      known_.save();
      return Pushed{manifest->digest, manifest->bytes.size()};
    }
    return std::nullopt;
  } catch (const Error& error) {
    throw with_hint(error, target_, options_.resume);
  }
}

std::vector<Pusher::Task> Pusher::tasks_for(Contents& contents) {
  std::vector<Task> tasks;
  std::set<std::string> seen;
  for (auto& image : contents.images) {
    // As Docker lists them: the uppermost layer first.
    for (auto layer = image.layers.rbegin(); layer != image.layers.rend(); ++layer) {
      if (seen.insert(key_of(*layer)).second) tasks.push_back({&*layer, progress_.add(short_id(*layer))});
    }
    if (seen.insert(image.config.descriptor.digest).second) tasks.push_back({&image.config, std::nullopt});
  }
  std::ranges::stable_sort(tasks, std::greater{},
                           [](const Task& task) { return task.blob->descriptor.size; });
  return tasks;
}

/// The manifests that are there tell which blobs their layers became, so that those of this image need not
/// be compressed to know.
void Pusher::learn_from_repository(const Contents& contents) {
  std::set<std::string> wanted;
  for (const auto& image : contents.images) {
    for (const auto& layer : image.layers) {
      if (layer.compress && !known_.find(target_.host, layer.diff_id)) wanted.insert(layer.diff_id);
    }
  }
  if (wanted.empty()) return;
  auto registry = repository();
  auto tags = registry.tags(max_tags_to_learn_from);
  std::erase(tags, target_.reference);
  tags.insert(tags.begin(), target_.reference);
  std::set<std::string> read;
  for (const auto& tag : tags) {
    if (wanted.empty()) return;
    const auto manifest = registry.manifest(tag);
    if (!manifest || !children_of(*manifest).empty() || !read.insert(manifest->digest).second) continue;
    const auto blobs = blobs_of_manifest(*manifest);
    const auto config = registry.blob(blobs.front().digest);
    const auto diff_ids = config ? diff_ids_of(*config) : std::vector<std::string>{};
    if (diff_ids.size() + 1 != blobs.size()) continue;
    for (std::size_t i = 0; i < diff_ids.size(); ++i) {
      if (wanted.erase(diff_ids[i]) > 0) known_.add(target_.host, diff_ids[i], blobs[i + 1], target_.image());
    }
  }
}

void Pusher::run(std::vector<Task> tasks) {
  std::vector<std::thread> workers;
  next_task_ = 0;
  running_ = std::min(options_.parallel, tasks.size());
  for (std::size_t i = running_; i > 0; --i) workers.emplace_back([&] { work(tasks); });
  while (running_ > 0) {
    // Said at once: connections take a moment to notice, and the process has a second left.
    if (base::was_interrupted() && !stop_.exchange(true) && options_.on_interrupt) options_.on_interrupt();
    progress_.draw(clock_.steady());
    std::this_thread::sleep_for(draw_interval);
  }
  for (auto& worker : workers) worker.join();
  progress_.draw(clock_.steady());
  if (base::was_interrupted()) throw base::Interrupted{};
  if (failure_) std::rethrow_exception(failure_);
}

void Pusher::work(const std::vector<Task>& tasks) {
  std::optional<std::size_t> row;
  try {
    auto registry = repository([&](const std::string& reason) {
      if (row) progress_.note(*row, reason);
    });
    for (auto index = next_task_++; index < tasks.size() && !stop_; index = next_task_++) {
      row = tasks[index].row;
      send(registry, tasks[index]);
    }
  } catch (...) {
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = std::current_exception();
    stop_ = true;
  }
  --running_;
}

void Pusher::send(registry::Repository& registry, const Task& task) {
  auto& blob = *task.blob;
  if (blob.compress) {
    const auto known = known_.find(target_.host, blob.diff_id);
    if (known) {
      auto descriptor = known->descriptor;
      descriptor.media_type = blob.descriptor.media_type;
      const bool fits = known->descriptor.media_type.ends_with("gzip");
      if (fits && upload(registry, task, descriptor, [] { return nullptr; })) {
        blob.descriptor = descriptor;
        return;
      }
    }
    const auto compressed = compress(task);
    upload(registry, task, blob.descriptor, [&] { return &compressed; });
  } else {
    const bool has_digest = !blob.descriptor.digest.empty();
    if (!has_digest) verify(task);
    upload(registry, task, blob.descriptor, [&] {
      if (blob.fetch) blob.bytes = blob.fetch();
      if (has_digest) verify(task);
      return &blob.bytes;
    });
  }
  if (!blob.diff_id.empty()) known_.add(target_.host, blob.diff_id, blob.descriptor, target_.image());
}

std::string Pusher::mount_source(const Blob& blob, const std::string& digest) const {
  if (!blob.mount_from.empty()) return blob.mount_from;
  const auto known = blob.diff_id.empty() ? std::nullopt : known_.find(target_.host, blob.diff_id);
  if (!known || (!digest.empty() && known->descriptor.digest != digest)) return {};
  for (const auto& image : known->images) {
    if (image != target_.image() && image.starts_with(target_.host + "/"))
      return image.substr(target_.host.size() + 1);
  }
  return {};
}

/// False when the registry does not have the blob, and its bytes are not to be had.
bool Pusher::upload(registry::Repository& registry, const Task& task, const Descriptor& descriptor,
                    const BytesWhenNeeded& bytes_when_needed) {
  const auto source = mount_source(*task.blob, descriptor.digest);
  BlobUpload upload{{descriptor.digest, descriptor.size, source},
                    abilities_,
                    saved_.load(target_.image(), descriptor.digest),
                    clock_.steady()};
  const Slice* bytes = nullptr;
  const auto abandon = [&] {
    const std::lock_guard lock{mutex_};
    if (!upload.location().empty() && (!saved_.can_resume() || upload.offset() == 0))
      abandoned_.push_back(upload.location());
  };
  try {
    bool told = false;
    while (upload.step() != BlobUpload::Step::done) {
      const bool asks_only = upload.step() == BlobUpload::Step::head ||
                             (upload.step() == BlobUpload::Step::post && !upload.mount_from().empty());
      if (!asks_only && bytes == nullptr) bytes = bytes_when_needed();
      if (!asks_only && bytes == nullptr) {
        abandon();
        return false;
      }
      const auto before = upload.state().location;
      auto reply = ask(registry, task, upload, descriptor, bytes);
      const auto pause = upload.take(reply, clock_.steady(), net::random_fraction());
      if (upload.offset() > 0 && upload.location() != before)
        saved_.save(target_.image(), descriptor.digest, upload.state());
      if (upload.resumed_at() > 0 && !told && task.row) {
        told = true;
        progress_.note(*task.row, "resumed at " + human_size(upload.resumed_at()));
      }
      registry.wait(pause, reply.words);
    }
  } catch (...) {
    abandon();
    throw;
  }
  saved_.erase(target_.image(), descriptor.digest);
  if (!task.row) return true;
  switch (upload.result()) {
    case BlobUpload::Result::exists:
      progress_.set(*task.row, "Layer already exists", true);
      break;
    case BlobUpload::Result::mounted:
      progress_.set(*task.row, "Mounted from " + source, true);
      break;
    case BlobUpload::Result::uploaded:
      progress_.set(*task.row, "Pushed", true);
      break;
  }
  return true;
}

registry::Reply Pusher::ask(registry::Repository& registry, const Task& task, const BlobUpload& upload,
                            const Descriptor& descriptor, const Slice* bytes) {
  using Step = BlobUpload::Step;
  net::TransferRequest request;
  Slice body;
  const auto begin = upload.offset();
  const auto size = upload.length();
  request.headers = {{"Content-Type", "application/octet-stream"}};
  switch (upload.step()) {
    case Step::head:
      request.method = "HEAD";
      request.headers.clear();
      request.url = registry.url("blobs/" + descriptor.digest);
      break;
    case Step::post:
      request.method = "POST";
      request.url = registry.url("blobs/uploads/");
      if (const auto from = upload.mount_from(); !from.empty())
        request.url +=
            "?mount=" + net::percent_encode(descriptor.digest) + "&from=" + net::percent_encode(from);
      break;
    case Step::status:
      request.headers.clear();
      request.url = upload.location();
      break;
    case Step::patch:
      request.method = "PATCH";
      request.url = upload.location();
      request.headers.emplace_back("Content-Range",
                                   std::to_string(begin) + "-" + std::to_string(begin + size - 1));
      body = bytes->part(begin, size);
      request.body = &body;
      break;
    case Step::put:
    case Step::put_whole:
      request.method = "PUT";
      request.url = upload.location();
      request.url += request.url.find('?') == std::string::npos ? '?' : '&';
      request.url += "digest=" + net::percent_encode(descriptor.digest);
      if (upload.step() == Step::put_whole) request.body = bytes;
      break;
    case Step::done:
      break;
  }
  if (request.body != nullptr && task.row) {
    const auto offset = upload.step() == Step::patch ? begin : 0;
    request.on_sent = [this, row = *task.row, offset, total = descriptor.size](std::uint64_t sent) {
      progress_.move(row, "Pushing", offset + sent, total);
    };
  }
  auto reply = registry.ask(request);
  if (!reply.location.empty()) reply.location = registry.resolved(request.url, reply.location);
  return reply;
}

/// The layer as it is sent, in a file without a name; and what it is then called.
Slice Pusher::compress(const Task& task) {
  auto& blob = *task.blob;
  Spool spool{environment_, blob.bytes.size()};
  net::Sha256 before;
  net::Sha256 after;
  const auto compressor = net::Compressor::make([&](std::string_view piece) {
    after.add(piece);
    spool.write(piece);
  });
  std::vector<char> buffer(read_size);
  for (std::uint64_t offset = 0; offset < blob.bytes.size();) {
    if (stop_) throw base::Interrupted{};
    const auto count = blob.bytes.read(offset, buffer.data(), buffer.size());
    before.add({buffer.data(), count});
    compressor->add({buffer.data(), count});
    offset += count;
    if (task.row) progress_.move(*task.row, "Compressing", offset, blob.bytes.size());
  }
  compressor->end();
  if (before.digest() != blob.diff_id) {
    throw Error(Kind::config, "the layer " + blob.diff_id + " of the image is damaged",
                "make the image, or the archive, again");
  }
  const auto compressed = spool.slice();
  blob.descriptor.digest = after.digest();
  blob.descriptor.size = compressed.size();
  return compressed;
}

/// Works out the digest of what is sent as it is; throws when another one was promised.
void Pusher::verify(const Task& task) {
  auto& blob = *task.blob;
  net::Sha256 sum;
  std::vector<char> buffer(read_size);
  for (std::uint64_t offset = 0; offset < blob.bytes.size();) {
    if (stop_) throw base::Interrupted{};
    const auto count = blob.bytes.read(offset, buffer.data(), buffer.size());
    sum.add({buffer.data(), count});
    offset += count;
  }
  const auto digest = sum.digest();
  if (!blob.descriptor.digest.empty() && blob.descriptor.digest != digest) {
    throw Error(Kind::config, "the blob " + blob.descriptor.digest + " of the image is damaged",
                "make the image, or the archive, again");
  }
  blob.descriptor.digest = digest;
}

Pushed Pusher::store_manifests(Contents& contents) {
  // A layer that occurs twice was sent once.
  std::map<std::string, Descriptor> descriptors;
  for_each_layer(contents, [&](const Blob& layer) {
    if (!layer.descriptor.digest.empty()) descriptors.insert({key_of(layer), layer.descriptor});
  });
  for_each_layer(contents, [&](Blob& layer) {
    if (layer.descriptor.digest.empty()) layer.descriptor = descriptors.at(key_of(layer));
  });
  auto registry = repository([&](const std::string& reason) { progress_.line(reason); });
  Pushed pushed;
  const auto store = [&](const registry::StoredManifest& manifest, bool is_last) {
    registry.put_manifest(is_last ? target_.reference : manifest.digest, manifest);
    pushed = {manifest.digest, manifest.bytes.size()};
  };
  for (auto& image : contents.images) {
    if (image.manifest.bytes.empty()) image.manifest = docker_manifest(image);
    store(image.manifest, contents.indexes.empty() && &image == &contents.images.back());
    known_.add_manifest(target_.image(), image.config.descriptor.digest, image.manifest.digest);
  }
  for (const auto& index : contents.indexes) store(index, &index == &contents.indexes.back());
  return pushed;
}

/// Tells the registry that nobody will continue these uploads. Whether it listens does not matter.
void Pusher::delete_abandoned() {
  if (abandoned_.empty()) return;
  const base::InterruptionShield shield;
  stop_ = false;
  try {
    auto registry = repository();
    for (const auto& location : abandoned_) {
      net::TransferRequest request;
      request.method = "DELETE";
      request.url = location;
      request.stall_timeout = 1s;
      registry.ask(request);
    }
  } catch (const std::exception&) {
    // The registry forgets them by itself, later.
  }
}

}  // namespace plugin::push
