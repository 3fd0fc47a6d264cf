// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <torc/device.hpp>
#include <vector>

#include "core/runtime/backend.hpp"
#include "core/sched/device/device.hpp"

// A device whose kernels are nothing but time: what torc adds to a device can be measured where there is none.
namespace perf {

/// One stream: kernels one after another, each for its time, beside those of other streams. By one thread at a time.
class timed_stream {
 public:
  using clock = std::chrono::steady_clock;

  void enqueue(clock::duration kernel) { m_end = std::max(m_end, clock::now()) + kernel; }
  void record() { m_marked = m_end; }
  bool is_ready() const { return clock::now() >= m_marked; }

 private:
  clock::time_point m_end{};
  clock::time_point m_marked{};
};

/// Its execution space.
struct timed_space {
  static const char* name() { return "Timed"; }
  friend bool operator==(const timed_space& a, const timed_space& b) { return a.stream == b.stream; }
  timed_stream* stream = nullptr;
};

class timed_device final : public torc::sched::device {
 public:
  explicit timed_device(int slots) : m_streams(static_cast<std::size_t>(slots)) {
    for (timed_stream& one : m_streams) m_instances.push_back({&one});
  }

  const std::string& space() const noexcept override { return m_space; }
  const std::string& description() const noexcept override { return m_description; }
  torc::sched::dispatch dispatch() const noexcept override { return torc::sched::dispatch::drivers; }
  int num_slots() const noexcept override { return static_cast<int>(m_streams.size()); }
  void prepare_thread() override {}
  const void* instance(int slot) const noexcept override { return &m_instances[static_cast<std::size_t>(slot)]; }
  void record(int slot) override { m_streams[static_cast<std::size_t>(slot)].record(); }
  bool is_ready(int slot) override { return m_streams[static_cast<std::size_t>(slot)].is_ready(); }
  void* allocate(int, torc::sched::slot_memory, std::size_t size_bytes) override {
    return ::operator new(size_bytes, alignment);
  }
  void deallocate(int, torc::sched::slot_memory, void* memory) noexcept override {
    ::operator delete(memory, alignment);
  }

 private:
  static constexpr std::align_val_t alignment{64};
  const std::string m_space = timed_space::name();
  const std::string m_description = "a device made of time";
  std::vector<timed_stream> m_streams;
  std::vector<timed_space> m_instances;
};

/// The backend that has one.
inline torc::runtime::backend timed_backend() {
  torc::runtime::backend made;
  made.initialise = [](const torc::runtime::process_place&) {
    torc::runtime::backend_facts found;
    found.census = "a device made of time";
    found.spaces.push_back({timed_space::name(), found.census, torc::sched::dispatch::drivers, 1});
    return found;
  };
  made.finalise = [] {};
  made.make_devices = [](const torc::sched::device_settings& settings) {
    std::vector<std::unique_ptr<torc::sched::device>> devices;
    devices.push_back(std::make_unique<timed_device>(settings.slots));
    return devices;
  };
  return made;
}

}  // namespace perf
