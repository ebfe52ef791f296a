// SPDX-License-Identifier: Apache-2.0
#include "push/pusher.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/interruption.hpp"
#include "base/text.hpp"
#include "output/units.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_mount_sources = 3;

/// Every layer of every image.
template <typename Function>
void for_each_layer(Contents& contents, Function function) {
  for (auto& image : contents.images) {
    for (auto& layer : image.layers) function(layer);
  }
}

}  // namespace

std::string RegistryImage::repository() const {
  auto parts = base::split(path, '/');
  parts.resize(std::min<std::size_t>(parts.size(), 3));
  return base::join(parts, ".");
}

Error with_hint(const Error& error, const registry::Access& access, bool resume) {
  if (!error.hint().empty()) return error;
  if (error.kind() == Kind::denied)
    return {error.kind(), error.what(), access.step_after_denial ? access.step_after_denial() : ""};
  if (error.kind() != Kind::network) return error;
  return {error.kind(), error.what(),
          resume ? "the same command continues where this one stopped"
                 : "try again; without --no-resume the same command continues where it stopped"};
}

Pusher::Pusher(const base::Environment& environment, base::Clock& clock, registry::Access access,
               RegistryImage target, Options options, PushProgress& progress)
    : environment_(environment),
      clock_(clock),
      access_(std::move(access)),
      target_(std::move(target)),
      options_(std::move(options)),
      progress_(progress),
      clients_(environment, clock, stop_, access_.log),
      uploads_(environment, clock, stop_, options_.parallel, options_.resume),
      known_(environment) {}

/// Requests a token for this image name, and for those that layers may be mounted from.
void Pusher::authorize(const std::set<std::string>& mount_sources) {
  auto scopes = registry::scope_of(target_.path, "pull,push");
  for (const auto& source : mount_sources) scopes += " " + registry::scope_of(source, "pull");
  authorization_ =
      std::make_unique<registry::Authorization>(clock_, target_.host, std::move(scopes), access_);
}

registry::ImageClient Pusher::image_client(std::function<void(const std::string&)> on_wait) {
  if (!on_wait) on_wait = [this](const std::string& reason) { progress_.add_line(reason); };
  return {clients_, *authorization_, target_.path, on_wait};
}

PushedManifest Pusher::push(Contents contents) {
  try {
    std::set<std::string> sources;
    for_each_layer(contents, [&](const Blob& layer) {
      const auto source = mount_source(layer, layer.descriptor.digest);
      if (!source.empty() && sources.size() < max_mount_sources) sources.insert(source);
    });
    if (!authorization_ || !sources.empty()) authorize(sources);
    progress_.set_phase("Waiting for the registry");
    learn_from_other_tags(contents);
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
    throw with_hint(error, access_, options_.resume);
  }
}

std::optional<PushedManifest> Pusher::push_known(const std::string& config_digest) {
  try {
    authorize({});
    auto registry = image_client();
    const auto known = known_.manifest_of(target_.image(), config_digest);
    for (const auto& reference : {target_.reference, known}) {
      if (reference.empty()) continue;
      const auto manifest = registry.manifest(reference);
      if (reference == target_.reference) tag_exists_ = manifest.has_value();
      if (!manifest || !children_of(*manifest).empty()) continue;
      const auto blobs = blobs_of_manifest(*manifest);
      if (blobs.front().digest != config_digest) continue;
      if (reference != target_.reference) registry.put_manifest(target_.reference, *manifest);
      known_.add_manifest(target_.image(), config_digest, manifest->digest);
      known_.save();
      return PushedManifest{manifest->digest, manifest->bytes.size()};
    }
    return std::nullopt;
  } catch (const Error& error) {
    throw with_hint(error, access_, options_.resume);
  }
}

bool Pusher::tag_exists() {
  try {
    if (tag_exists_) return *tag_exists_;
    if (!authorization_) authorize({});
    return image_client().manifest(target_.reference).has_value();
  } catch (const Error& error) {
    throw with_hint(error, access_, options_.resume);
  }
}

void Pusher::record_manifest(const std::string& config_digest, const std::string& digest) {
  known_.add_manifest(target_.image(), config_digest, digest);
  known_.save();
}

std::vector<Pusher::Task> Pusher::tasks_for(Contents& contents) {
  std::vector<Task> tasks;
  std::set<std::string> seen;
  for (auto& image : contents.images) {
    // As Docker lists them: the topmost layer first.
    for (auto layer = image.layers.rbegin(); layer != image.layers.rend(); ++layer) {
      if (seen.insert(layer->key()).second) tasks.push_back({&*layer, progress_.add(layer->short_id())});
    }
    if (seen.insert(image.config.descriptor.digest).second) tasks.push_back({&image.config, std::nullopt});
  }
  std::ranges::stable_sort(tasks, std::greater{},
                           [](const Task& task) { return task.blob->descriptor.size; });
  return tasks;
}

/// Layers whose digests are not known without compressing them may be in other tags of this image name.
void Pusher::learn_from_other_tags(const Contents& contents) {
  std::set<std::string> wanted;
  for (const auto& image : contents.images) {
    for (const auto& layer : image.layers) {
      if (layer.compress && !known_.find(target_.host, layer.diff_id)) wanted.insert(layer.diff_id);
    }
  }
  if (wanted.empty()) return;
  auto registry = image_client();
  known_.learn(registry, target_.reference, std::move(wanted));
}

void Pusher::run(const std::vector<Task>& tasks) {
  next_task_ = 0;
  registry::run_workers(std::min(options_.parallel, tasks.size()), stop_, [&] { work(tasks); },
                        {options_.on_interrupt, [&] {
                           if (const auto renewed = authorization_->login_renewed_at())
                             progress_.login_renewed(output::time_of_day(*renewed));
                         }});
}

void Pusher::work(const std::vector<Task>& tasks) {
  std::optional<std::size_t> row;
  auto registry = image_client([&](const std::string& reason) { on_wait_of(row)(reason); });
  for (auto index = next_task_++; index < tasks.size() && !stop_; index = next_task_++) {
    row = tasks[index].row;
    prepare_and_send(registry, tasks[index]);
  }
}

PushedManifest Pusher::store_manifests(Contents& contents) {
  // A layer that occurs twice was sent once, and only then got its descriptor.
  std::map<std::string, Descriptor> descriptors;
  for_each_layer(contents, [&](const Blob& layer) {
    if (!layer.descriptor.digest.empty()) descriptors.insert({layer.diff_id, layer.descriptor});
  });
  for_each_layer(contents, [&](Blob& layer) {
    if (layer.descriptor.digest.empty()) layer.descriptor = descriptors.at(layer.diff_id);
  });
  auto registry = image_client();
  progress_.set_phase("Storing the manifest");
  PushedManifest pushed;
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

void Pusher::delete_abandoned() {
  if (!authorization_) return;
  std::optional<registry::Authorization> deleting;
  uploads_.delete_abandoned([&](const std::string& path, bool may_delete) -> registry::Authorization& {
    if (!may_delete) return *authorization_;
    return deleting.emplace(clock_, target_.host, registry::scope_of(path, "pull,push,delete"), access_);
  });
}

}  // namespace plugin::push
