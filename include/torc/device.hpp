// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/device_entry.hpp>
#include <torc/detail/device_function.hpp>
#include <torc/map.hpp>
#include <torc/submit.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

/// Tasks on devices. A Space is a Kokkos execution space; <torc/kokkos.hpp> adds what names Kokkos itself.
namespace torc {

/// Stands before a task's function: `submit(on<Space>, f, args...)`, `map(on<Space>, f, range)`.
template <class Space>
struct space_tag {
  /// `f` as the body of a device task: what submit and map take too.
  template <class F>
  auto operator()(F&& f) const {
    detail::check_device_body<Space, std::decay_t<F>>();
    return detail::device_function<Space, std::decay_t<F>>{std::forward<F>(f)};
  }
};

/// Submits to the execution space `Space`: `submit(on<Space>, f, args...)` calls `f(exec, args...)` with a
/// `const Space& exec` of a slot, on which f enqueues kernels, copies and allocations. The future completes when f has
/// returned **and** all that is done. f may submit and wait; it must enqueue on no other instance. Submitting throws
/// torc::device_error if no node has the space; what the device fails in comes as a torc::device_error of the future.
/// On a GPU the body runs on the device's driver thread (`worker_id()` is -1), so it should compute little itself; on a
/// host space it runs on a worker. `cores` of the options must be 1.
template <class Space>
inline constexpr space_tag<Space> on{};

/// A function for submit and map that is called as `host(args...)` on a worker or as `device(exec, args...)` with a
/// slot of `Space`, whichever is free first. Both return the same type. Runs on nodes without the space too.
template <class Space, class Host, class Device>
auto on_any_of(Host&& host, Device&& device) {
  detail::check_device_body<Space, std::decay_t<Device>>();
  return detail::any_function<Space, std::decay_t<Host>, std::decay_t<Device>>{std::forward<Host>(host),
                                                                               std::forward<Device>(device)};
}

/// In a device task: suspends the task, and not its thread, until all that it has enqueued on `exec` is done. Anywhere
/// else, and for other instances, blocks as `exec.fence()`. Throws torc::device_error.
template <class Space>
void fence(const Space& exec) {
  if (detail::is_slot_asynchronous() && detail::is_own_instance(exec)) {
    detail::wait_for_slot();
  } else {
    exec.fence();
  }
}

/// Memory of the slot that the calling device task has, where kernels on `exec` use it; aligned to 256 bytes, not
/// initialised, for the life of the task. Cheap once the slot has some; nothing need be freed (which could wait for all
/// kernels of the process). Throws torc::device_error if the device has not that much, torc::error outside of a device
/// task.
template <class Space>
void* scratch(const Space&, std::size_t size_bytes) {
  return detail::slot_scratch(size_bytes, false, "scratch");
}
/// The same in host memory, pinned where copies to the device want that.
template <class Space>
void* host_scratch(const Space&, std::size_t size_bytes) {
  return detail::slot_scratch(size_bytes, true, "host_scratch");
}

}  // namespace torc
