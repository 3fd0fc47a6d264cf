// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/devices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/error.hpp>
#include <vector>

#include "backends/kokkos/environment.hpp"

namespace torc::backends::kokkos {
namespace {

using host_space = Kokkos::DefaultHostExecutionSpace;
using sched::slot_memory;

// Objects: nvcc refuses the lambdas of kernels in tests, whose functions are private.

struct count_up {
  int* numbers;
  KOKKOS_FUNCTION void operator()(int i) const { numbers[i] = i; }
};

/// Kokkos can be initialised once in a process; each case has a process of its own.
class devices : public testing::Test {
 protected:
  devices() : facts(initialise()) {}
  ~devices() override {
    all.clear();
    finalise();
  }

  /// The device of the default host space, after all have been made.
  sched::device& make_host(const sched::device_settings& settings) {
    all = make_devices(settings);
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& device) { return device->space() == host_space::name(); });
    if (found == all.end()) throw std::runtime_error("no device of the default host space");
    return **found;
  }

  const environment facts;
  std::vector<std::unique_ptr<sched::device>> all;
};

const host_space& instance_of(const sched::device& device, int slot) {
  return *static_cast<const host_space*>(device.instance(slot));
}

double sum_up_to(const host_space& instance, int count) {
  double sum = 0;
  Kokkos::parallel_reduce(
      Kokkos::RangePolicy<host_space>(instance, 0, static_cast<std::size_t>(count)),
      KOKKOS_LAMBDA(int i, double& partial) { partial += i; }, sum);
  return sum;
}

TEST_F(devices, are_those_that_the_environment_tells) {
  make_host({.workers = 3});
  std::vector<std::string> told, made;
  for (const space_facts& space : facts.spaces)
    told.insert(told.end(), static_cast<std::size_t>(space.num_devices), space.name);
  for (const auto& device : all) {
    made.push_back(device->space());
    EXPECT_NE(device->description(), "");
  }
  EXPECT_EQ(made, told);
  EXPECT_THAT(made, testing::Contains(Kokkos::DefaultExecutionSpace::name()));
}

TEST_F(devices, have_the_slots_that_their_dispatch_calls_for) {
  make_host({.workers = 3, .slots = 5});
  for (const auto& device : all) {
    switch (device->dispatch()) {
      case sched::dispatch::drivers:
        EXPECT_EQ(device->num_slots(), 5);
        break;
      case sched::dispatch::each_worker:
        EXPECT_EQ(device->num_slots(), 3);
        break;
      case sched::dispatch::one_worker:
      case sched::dispatch::first_thread:
        EXPECT_EQ(device->num_slots(), 1);
        break;
    }
  }
}

TEST_F(devices, of_the_host_serve_every_worker_from_kokkos_4_4_on) {
  const sched::device& host = make_host({});
#if KOKKOS_VERSION < 40400
  EXPECT_EQ(host.dispatch(), sched::dispatch::one_worker);
#else
  if (host.space() == "Threads")
    EXPECT_EQ(host.dispatch(), sched::dispatch::first_thread);
  else
    EXPECT_EQ(host.dispatch(), sched::dispatch::each_worker);
#endif
}

TEST_F(devices, run_kernels_on_each_slot) {
  sched::device& host = make_host({.workers = 3});
  host.prepare_thread();
  for (int slot = 0; slot < host.num_slots(); ++slot) {
    EXPECT_EQ(sum_up_to(instance_of(host, slot), 1000), 499500);
    host.record(slot);
    EXPECT_TRUE(host.is_ready(slot)) << "a host space has done all when its calls return";
  }
}

TEST_F(devices, run_kernels_of_different_slots_at_the_same_time) {
  sched::device& host = make_host({.workers = 4});
  std::vector<double> sums(static_cast<std::size_t>(host.num_slots()));
  const auto work = [&](int slot) {
    host.prepare_thread();
    for (int i = 0; i < 2000; ++i) sums[static_cast<std::size_t>(slot)] += sum_up_to(instance_of(host, slot), 100);
  };
  std::vector<std::thread> threads;
  for (int slot = 1; slot < host.num_slots(); ++slot) threads.emplace_back(work, slot);
  work(0);
  for (std::thread& thread : threads) thread.join();
  for (const double sum : sums) EXPECT_EQ(sum, 2000 * 4950.);
}

TEST_F(devices, give_memory_that_kernels_can_use) {
  sched::device& host = make_host({});
  const host_space& instance = instance_of(host, 0);
  for (const auto kind : {slot_memory::device, slot_memory::host}) {
    auto* const numbers = static_cast<int*>(host.allocate(0, kind, 1000 * sizeof(int)));
    Kokkos::parallel_for(Kokkos::RangePolicy<host_space>(instance, 0, 1000), count_up{numbers});
    EXPECT_EQ(numbers[999], 999);
    host.deallocate(0, kind, numbers);
  }
}

TEST_F(devices, give_memory_aligned_and_disjoint) {
  sched::device& host = make_host({});
  std::set<std::uintptr_t> begins;
  std::vector<void*> blocks;
  for (const std::size_t size_bytes : {0U, 1U, 63U, 64U, 1000U, 100000U}) {
    for (const auto kind : {slot_memory::device, slot_memory::host}) {
      void* const block = host.allocate(0, kind, size_bytes);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 64, 0U) << size_bytes << " bytes";
      std::memset(block, 1, size_bytes);
      EXPECT_TRUE(begins.insert(reinterpret_cast<std::uintptr_t>(block)).second);
      blocks.push_back(block);
    }
  }
  // Not in the order in which they were made.
  for (std::size_t i = 0; i < blocks.size(); i += 2) host.deallocate(0, slot_memory::device, blocks[i]);
  for (std::size_t i = 1; i < blocks.size(); i += 2) host.deallocate(0, slot_memory::host, blocks[i]);
}

TEST_F(devices, say_what_they_have_no_room_for) {
  sched::device& host = make_host({});
  try {
    host.allocate(0, slot_memory::device, std::size_t{1} << 60);
    ADD_FAILURE() << "so much memory was there";
  } catch (const device_error& failure) {
    EXPECT_THAT(failure.what(), testing::StartsWith(host.description() + ": no room for 1152921504606846976 bytes"));
  }
}

TEST_F(devices, can_be_made_again_for_the_next_session) {
  make_host({.workers = 2});
  all.clear();
  sched::device& host = make_host({.workers = 1});
  EXPECT_EQ(sum_up_to(instance_of(host, 0), 10), 45);
}

TEST(devices_without_kokkos, are_none) { EXPECT_TRUE(make_devices({}).empty()); }

}  // namespace
}  // namespace torc::backends::kokkos
