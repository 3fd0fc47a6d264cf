// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/event_cuda.hpp"

#include <cuda_runtime_api.h>

#include "core/sched/device/device.hpp"

namespace torc::backends::kokkos::cuda {
namespace {

/// Whether every further call will fail too, as CUDA documents of these.
bool is_sticky(cudaError_t code) {
  switch (code) {
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorContextIsDestroyed:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
      return true;
    default:
      break;
  }
  // Of later releases, which need not be this one: cudaErrorContained, TensorMemoryLeak, MpsClientTerminated and
  // ExternalDevice.
  const int number = static_cast<int>(code);
  return number == 226 || number == 721 || number == 810 || number == 911;
}

/// Throws what failed. The error is taken back from the runtime, so that no later call finds it again.
[[noreturn]] void fail(cudaError_t code, const std::string& device, const char* call) {
  static_cast<void>(cudaGetLastError());
  const std::string what = device + ": " + call + ": " + cudaGetErrorString(code);
  if (is_sticky(code)) throw sched::device_lost(what);
  throw device_error(what);
}

void check(cudaError_t code, const std::string& device, const char* call) {
  if (code != cudaSuccess) fail(code, device, call);
}

std::string number(int device) { return "Cuda device " + std::to_string(device); }

}  // namespace

found_devices find_devices() {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  // Where there is no driver, what is linked may be the toolkit's stub of it.
  if (code == cudaErrorNoDevice || code == cudaErrorInsufficientDriver || code == cudaErrorStubLibrary) {
    static_cast<void>(cudaGetLastError());
    return {.count = 0, .reason = std::string("cudaGetDeviceCount: ") + cudaGetErrorString(code)};
  }
  check(code, "CUDA", "cudaGetDeviceCount");
  if (count == 0) return {.count = 0, .reason = "cudaGetDeviceCount: no device is visible"};
  return {.count = count, .reason = {}};
}

std::string describe(int device) {
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, device), number(device), "cudaGetDeviceProperties");
  return number(device) + " (" + properties.name + ")";
}

void use_device(int device) { check(cudaSetDevice(device), number(device), "cudaSetDevice"); }

stream::stream(int device) : m_device(describe(device)) {
  use_device(device);
  check(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), m_device, "cudaStreamCreateWithFlags");
  const cudaError_t code = cudaEventCreateWithFlags(&m_event, cudaEventDisableTiming);
  if (code == cudaSuccess) return;
  static_cast<void>(cudaStreamDestroy(m_stream));
  fail(code, m_device, "cudaEventCreateWithFlags");
}

stream::~stream() {
  // At the end, when the only failure left to see is one that has already been told: the device was lost.
  static_cast<void>(cudaEventDestroy(m_event));
  static_cast<void>(cudaStreamDestroy(m_stream));
}

void stream::record() { check(cudaEventRecord(m_event, m_stream), m_device, "cudaEventRecord"); }

bool stream::is_ready() {
  const cudaError_t code = cudaEventQuery(m_event);
  if (code == cudaSuccess) return true;
  if (code != cudaErrorNotReady) fail(code, m_device, "cudaEventQuery");
  static_cast<void>(cudaGetLastError());  // else Kokkos, which looks for errors of launches there, finds "not ready"
  return false;
}

}  // namespace torc::backends::kokkos::cuda
