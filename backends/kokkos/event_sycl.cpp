// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/event_sycl.hpp"

#include <algorithm>
#include <iterator>
#include <torc/error.hpp>
#include <utility>
#include <vector>

namespace torc::backends::kokkos::oneapi {
namespace {

/// Each GPU once, though several backends may offer it: by the one that Kokkos takes for its make.
std::vector<sycl::device> gpus() {
  const std::vector<sycl::device> all = sycl::device::get_devices(sycl::info::device_type::gpu);
  for (const sycl::backend backend :
       {sycl::backend::ext_oneapi_level_zero, sycl::backend::ext_oneapi_cuda, sycl::backend::ext_oneapi_hip}) {
    std::vector<sycl::device> of_backend;
    std::copy_if(all.begin(), all.end(), std::back_inserter(of_backend),
                 [&](const sycl::device& one) { return one.get_backend() == backend; });
    if (!of_backend.empty()) return of_backend;
  }
  return all;
}

[[noreturn]] void fail(const std::string& device, const char* call, const std::exception& failure) {
  throw device_error(device + ": " + call + ": " + failure.what());
}

}  // namespace

found_devices find_devices() {
  try {
    const auto count = static_cast<int>(gpus().size());
    return {.count = count, .reason = count == 0 ? "sycl::device::get_devices: no GPU is visible" : ""};
  } catch (const sycl::exception& failure) {
    return {.count = 0, .reason = std::string("sycl::device::get_devices: ") + failure.what()};
  }
}

std::string describe(int device) {
  const std::string number = "SYCL device " + std::to_string(device);
  try {
    return number + " (" + gpus().at(static_cast<std::size_t>(device)).get_info<sycl::info::device::name>() + ")";
  } catch (const std::exception& failure) {
    fail(number, "sycl::device::get_info", failure);
  }
}

queue::queue(const sycl::queue& like, int device)
    : m_device(describe(device)),
      m_failure(std::make_shared<std::exception_ptr>()),
      m_queue(
          like.get_context(), like.get_device(),
          [failure = m_failure](const sycl::exception_list& failures) {
            for (const std::exception_ptr& one : failures)
              if (*failure == nullptr) *failure = one;
          },
          sycl::property_list{sycl::property::queue::in_order()}) {}

void queue::record() {
  try {
    m_barrier = m_queue.ext_oneapi_submit_barrier();
  } catch (const sycl::exception& failure) {
    fail(m_device, "ext_oneapi_submit_barrier", failure);
  }
}

bool queue::is_ready() {
  check("sycl::queue");
  try {
    if (m_barrier.get_info<sycl::info::event::command_execution_status>() != sycl::info::event_command_status::complete)
      return false;
  } catch (const sycl::exception& failure) {
    fail(m_device, "sycl::event::get_info", failure);
  }
  check("sycl::queue");
  return true;
}

void queue::check(const char* call) {
  m_queue.throw_asynchronous();
  if (*m_failure == nullptr) return;
  try {
    std::rethrow_exception(std::exchange(*m_failure, nullptr));
  } catch (const std::exception& failure) {
    fail(m_device, call, failure);
  }
}

}  // namespace torc::backends::kokkos::oneapi
