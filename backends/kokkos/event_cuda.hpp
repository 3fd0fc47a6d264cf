// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

#include "backends/kokkos/device_choice.hpp"

struct CUstream_st;
struct CUevent_st;

/// All that torc asks of the CUDA runtime, without Kokkos. Every return code is checked: what fails throws a
/// device_error that names the device and the call, a device_lost if the process can do nothing more with the device.
namespace torc::backends::kokkos::cuda {

/// Devices that this process may use. None is no error, nor is it that there is no driver.
found_devices find_devices();

/// For people, such as "Cuda device 0 (NVIDIA H100)".
std::string describe(int device);

/// Makes it the calling thread's device.
void use_device(int device);

/// A stream that waits for no other, and an event that tells when it is idle. Made and destroyed by one thread; used by
/// one thread at a time.
class stream {
 public:
  explicit stream(int device);
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  /// What was enqueued must be done.
  ~stream();

  CUstream_st* handle() const noexcept { return m_stream; }
  /// Marks what has been enqueued so far.
  void record();
  /// Whether all that was marked last is done. Never blocks.
  bool is_ready();

 private:
  std::string m_device;  ///< what messages say
  CUstream_st* m_stream = nullptr;
  CUevent_st* m_event = nullptr;
};

}  // namespace torc::backends::kokkos::cuda
