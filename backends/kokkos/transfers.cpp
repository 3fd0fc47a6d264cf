// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/transfers.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <torc/detail/view_transfer.hpp>
#include <torc/error.hpp>
#include <utility>
#include <vector>

#include "backends/kokkos/spaces.hpp"

namespace torc::backends::kokkos {
namespace {

struct transfer {
  std::string space;
  std::shared_ptr<void> slot;
  const void* instance;
  std::function<void()> bind;
};

/// Guards the transfers and the use of their instances: copies happen on any thread, an instance is one thread's.
std::mutex turns;
std::vector<transfer> transfers;

}  // namespace

void make_transfers(int device) {
  const std::lock_guard guard(turns);
  for_each_space([&]<class Space>(std::type_identity<Space>) {
    using trait = space_trait<Space>;
    auto slot = std::make_shared<typename trait::slot>(device, 1);
    const void* const instance = &slot->instance();
    transfers.push_back({Space::name(), std::move(slot), instance, [device] { trait::bind(device); }});
  });
}

void release_transfers() noexcept {
  const std::lock_guard guard(turns);
  transfers.clear();
}

}  // namespace torc::backends::kokkos

namespace torc::detail {

using backends::kokkos::transfers;
using backends::kokkos::turns;

view_transfer::view_transfer(const char* space) {
  std::unique_lock turn(turns);
  for (const auto& known : transfers) {
    if (known.space != space) continue;
    known.bind();
    m_instance = known.instance;
    turn.release();
    return;
  }
  throw serialization_error(std::string("a View in the memory of ") + space +
                            " cannot travel to or from this node, which has no such device");
}

view_transfer::~view_transfer() { turns.unlock(); }

}  // namespace torc::detail
