// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <sycl/sycl.hpp>

#include "backends/kokkos/device_choice.hpp"

/// All that torc asks of SYCL. What fails throws a device_error that names the device and the call.
namespace torc::backends::kokkos::oneapi {

/// GPUs that this process may use, in the order in which Kokkos numbers them.
found_devices find_devices();

/// For people, such as "SYCL device 0 (Intel(R) Data Center GPU Max 1550)".
std::string describe(int device);

/// A queue of its own on the device of another one, in order, and a barrier that tells when it is idle. Used by one
/// thread at a time.
class queue {
 public:
  queue(const sycl::queue& like, int device);
  const sycl::queue& handle() const noexcept { return m_queue; }
  /// Marks what has been enqueued so far.
  void record();
  /// Whether all that was marked last is done. Never blocks.
  bool is_ready();

 private:
  /// Throws the first failure that the queue's work has had since the last call.
  void check(const char* call);

  std::string m_device;                           ///< what messages say
  std::shared_ptr<std::exception_ptr> m_failure;  ///< set by the queue's handler, from the thread that asks
  sycl::queue m_queue;
  sycl::event m_barrier;
};

}  // namespace torc::backends::kokkos::oneapi
