// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/event_hip.hpp"

#include <hip/hip_runtime_api.h>

#include "core/sched/device/device.hpp"

namespace torc::backends::kokkos::hip {
namespace {

/// Whether every further call will fail too. HIP documents none as such; after these the device's state is unknown.
bool is_sticky(hipError_t code) {
  switch (code) {
    case hipErrorECCNotCorrectable:
    case hipErrorIllegalAddress:
    case hipErrorLaunchTimeOut:
    case hipErrorContextIsDestroyed:
    case hipErrorAssert:
    case hipErrorLaunchFailure:
      return true;
    default:
      return false;
  }
}

/// Throws what failed. The error is taken back from the runtime, so that no later call finds it again.
[[noreturn]] void fail(hipError_t code, const std::string& device, const char* call) {
  static_cast<void>(hipGetLastError());
  const std::string what = device + ": " + call + ": " + hipGetErrorString(code);
  if (is_sticky(code)) throw sched::device_lost(what);
  throw device_error(what);
}

void check(hipError_t code, const std::string& device, const char* call) {
  if (code != hipSuccess) fail(code, device, call);
}

std::string number(int device) { return "HIP device " + std::to_string(device); }

}  // namespace

found_devices find_devices() {
  int count = 0;
  const hipError_t code = hipGetDeviceCount(&count);
  if (code == hipErrorNoDevice || code == hipErrorInsufficientDriver) {
    static_cast<void>(hipGetLastError());
    return {.count = 0, .reason = std::string("hipGetDeviceCount: ") + hipGetErrorString(code)};
  }
  check(code, "HIP", "hipGetDeviceCount");
  if (count == 0) return {.count = 0, .reason = "hipGetDeviceCount: no device is visible"};
  return {.count = count, .reason = {}};
}

std::string describe(int device) {
  hipDeviceProp_t properties;
  check(hipGetDeviceProperties(&properties, device), number(device), "hipGetDeviceProperties");
  return number(device) + " (" + properties.name + ")";
}

void use_device(int device) { check(hipSetDevice(device), number(device), "hipSetDevice"); }

stream::stream(int device) : m_device(describe(device)) {
  use_device(device);
  check(hipStreamCreateWithFlags(&m_stream, hipStreamNonBlocking), m_device, "hipStreamCreateWithFlags");
  const hipError_t code = hipEventCreateWithFlags(&m_event, hipEventDisableTiming);
  if (code == hipSuccess) return;
  static_cast<void>(hipStreamDestroy(m_stream));
  fail(code, m_device, "hipEventCreateWithFlags");
}

stream::~stream() {
  // At the end, when the only failure left to see is one that has already been told: the device was lost.
  static_cast<void>(hipEventDestroy(m_event));
  static_cast<void>(hipStreamDestroy(m_stream));
}

void stream::record() { check(hipEventRecord(m_event, m_stream), m_device, "hipEventRecord"); }

bool stream::is_ready() {
  const hipError_t code = hipEventQuery(m_event);
  if (code == hipSuccess) return true;
  if (code != hipErrorNotReady) fail(code, m_device, "hipEventQuery");
  static_cast<void>(hipGetLastError());  // else Kokkos, which looks for errors of launches there, finds "not ready"
  return false;
}

}  // namespace torc::backends::kokkos::hip
