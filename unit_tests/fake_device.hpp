// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/device.hpp>
#include <utility>
#include <vector>

#include "core/runtime/backend.hpp"
#include "core/sched/device/device.hpp"

/// A device made of nothing, for tests of what torc does with devices: its work is whatever the test says, and is done
/// when the test says so.
namespace tests {

/// One stream of work, in order. By one thread at a time: whoever breaks that is told.
class fake_stream {
 public:
  void enqueue(std::function<bool()> is_done) {
    const user guard(*this);
    m_work.push_back(std::move(is_done));
  }
  void record() {
    const user guard(*this);
    m_marked = m_work.size();
  }
  bool is_ready() {
    const user guard(*this);
    while (m_marked > 0 && m_work.front()()) {
      m_work.pop_front();
      --m_marked;
    }
    return m_marked == 0;
  }
  bool is_empty() const noexcept { return m_work.empty(); }

 private:
  struct user {
    explicit user(fake_stream& s) : stream(s) {
      if (stream.m_is_used.exchange(true)) throw std::logic_error("two threads use one instance");
    }
    ~user() { stream.m_is_used = false; }
    fake_stream& stream;
  };
  std::atomic<bool> m_is_used{false};
  std::deque<std::function<bool()>> m_work;
  std::size_t m_marked = 0;
};

/// Its execution space. Number is another one for each.
template <int Number = 0>
struct fake_space {
  static const char* name() { return Number == 0 ? "StandIn" : "OtherStandIn"; }
  /// Work that is done as soon as `is_done` says so, which may throw what a device fails with.
  void enqueue(std::function<bool()> is_done) const { stream->enqueue(std::move(is_done)); }
  void fence() const {
    stream->record();
    while (!stream->is_ready()) std::this_thread::yield();
  }
  friend bool operator==(const fake_space& a, const fake_space& b) { return a.stream == b.stream; }
  fake_stream* stream = nullptr;
  int slot = -1;
  int device = -1;
};

template <int Number = 0>
class fake_device final : public torc::sched::device {
 public:
  fake_device(torc::sched::dispatch how, int slots, int number)
      : m_dispatch(how), m_description(describe(number)), m_streams(static_cast<std::size_t>(slots)) {
    for (int i = 0; i < slots; ++i) m_instances.push_back({&m_streams[static_cast<std::size_t>(i)], i, number});
  }
  ~fake_device() override {
    if (m_allocated != 0) std::abort();
  }

  static std::string describe(int number) {
    return std::string(fake_space<Number>::name()) + " device " + std::to_string(number);
  }

  const std::string& space() const noexcept override { return m_space; }
  const std::string& description() const noexcept override { return m_description; }
  torc::sched::dispatch dispatch() const noexcept override { return m_dispatch; }
  int num_slots() const noexcept override { return static_cast<int>(m_streams.size()); }
  void prepare_thread() override {}
  const void* instance(int slot) const noexcept override { return &m_instances[static_cast<std::size_t>(slot)]; }
  void record(int slot) override { m_streams[static_cast<std::size_t>(slot)].record(); }
  bool is_ready(int slot) override { return m_streams[static_cast<std::size_t>(slot)].is_ready(); }
  void* allocate(int, torc::sched::slot_memory, std::size_t size_bytes) override {
    if (size_bytes > std::size_t{1} << 30U) throw torc::device_error("StandIn device 0: no memory");
    ++m_allocated;
    return ::operator new (size_bytes, std::align_val_t{64});
  }
  void deallocate(int, torc::sched::slot_memory, void* memory) noexcept override {
    --m_allocated;
    ::operator delete (memory, std::align_val_t{64});
  }

 private:
  const torc::sched::dispatch m_dispatch;
  const std::string m_space = fake_space<Number>::name();
  const std::string m_description;
  std::vector<fake_stream> m_streams;
  std::vector<fake_space<Number>> m_instances;
  std::atomic<int> m_allocated{0};
};

/// The backend of such devices, on processes that `has_one`; so many on each.
template <int Number = 0>
torc::runtime::backend fake_backend(
    torc::sched::dispatch how,
    const std::function<bool(const torc::runtime::process_place&)>& has_one = [](const auto&) { return true; },
    int num_devices = 1) {
  const auto has = std::make_shared<bool>(false);
  torc::runtime::backend made;
  made.initialise = [=](const torc::runtime::process_place& place) {
    *has = has_one(place);
    torc::runtime::backend_facts facts;
    facts.census = std::string(fake_space<Number>::name()) + (*has ? " is here" : " is not here");
    if (!*has) return facts;
    std::string all;
    for (int i = 0; i < num_devices; ++i) all += (i > 0 ? ", " : "") + fake_device<Number>::describe(i);
    facts.spaces.push_back({fake_space<Number>::name(), all, how, num_devices});
    return facts;
  };
  made.finalise = [] {};
  made.make_devices = [=](const torc::sched::device_settings& settings) {
    std::vector<std::unique_ptr<torc::sched::device>> devices;
    const int slots = how == torc::sched::dispatch::drivers       ? settings.slots
                      : how == torc::sched::dispatch::each_worker ? settings.workers
                                                                  : 1;
    for (int i = 0; *has && i < num_devices; ++i)
      devices.push_back(std::make_unique<fake_device<Number>>(how, slots, i));
    return devices;
  };
  return made;
}

}  // namespace tests
