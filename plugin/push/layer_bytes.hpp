// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>

#include "base/environment.hpp"
#include "push/image.hpp"

namespace plugin::push {

/// The layer as it is sent, in a file without a name. The blob's descriptor gets the digest and the size of
/// that. Throws `config` when the layer is not what its diffID says or the disk is full, and `Interrupted`
/// when `stop` becomes true.
Slice compress(Blob&, const base::Environment&, const std::atomic<bool>& stop,
               const std::function<void(std::uint64_t done)>& on_progress);

/// Works out the digest of a blob that is sent as it is. Throws `config` when its descriptor has another one,
/// and `Interrupted` when `stop` becomes true.
void verify(Blob&, const std::atomic<bool>& stop);

}  // namespace plugin::push
