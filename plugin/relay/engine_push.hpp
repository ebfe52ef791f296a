// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "push/engine.hpp"
#include "push/push_progress.hpp"
#include "push/pusher.hpp"

namespace plugin::relay {

/// An image of an engine that listens on a Unix socket of this machine.
struct EngineSource {
  std::filesystem::path socket;
  push::EngineImage image;
};

/// Makes the engine push its image to a relay, which runs only during this call: the engine reads only the
/// layers that are needed, and nothing is exported. Absent when the engine cannot connect to the relay, for
/// example because it runs in a virtual machine. Throws like `push::Pusher::push`.
std::optional<push::PushedManifest> push_from_engine(const base::Environment&, base::Clock&,
                                                     const EngineSource&, const push::RegistryImage& target,
                                                     const registry::Access&, const push::Pusher::Options&,
                                                     push::PushProgress&);

}  // namespace plugin::relay
