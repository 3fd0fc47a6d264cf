// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/slab.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using torc::task::slab;
using torc::task::slab_depot;

TEST(slab_depot, gives_memory_at_multiples_of_its_size) {
  slab_depot depot;
  std::set<void*> taken;
  for (int i = 0; i < 200; ++i) {
    void* const memory = depot.take();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % slab::size_bytes, 0U);
    EXPECT_TRUE(taken.insert(memory).second) << "was given out twice";
    static_cast<std::byte*>(memory)[0] = std::byte{1};
    static_cast<std::byte*>(memory)[slab::size_bytes - 1] = std::byte{1};
  }
}

TEST(slab_depot, finds_the_slab_of_any_address_in_it) {
  slab_depot depot;
  auto* const memory = static_cast<std::byte*>(depot.take());
  EXPECT_EQ(slab::of(memory), static_cast<void*>(memory));
  EXPECT_EQ(slab::of(memory + slab::size_bytes - 1), static_cast<void*>(memory));
}

TEST(slab_depot, gives_the_most_recent_one_again) {
  slab_depot depot;
  void* const first = depot.take();
  void* const second = depot.take();
  depot.give(first);
  depot.give(second);
  EXPECT_EQ(depot.take(), second);
  EXPECT_EQ(depot.take(), first);
}

TEST(slab_depot, gives_what_lay_idle_for_long_back_to_the_system) {
  slab_depot depot;
  auto* const memory = static_cast<std::byte*>(depot.take());
  memory[100] = std::byte{42};
  depot.give(memory);
  EXPECT_TRUE(depot.trim(torc::base::now() - 1h)) << "it is not that old";
  EXPECT_EQ(memory[100], std::byte{42});
  EXPECT_FALSE(depot.trim(torc::base::now()));
  EXPECT_EQ(depot.take(), memory) << "its address space is kept";
  EXPECT_EQ(memory[100], std::byte{0}) << "its contents are not";
}

TEST(slab_depot, serves_several_threads) {
  slab_depot depot;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) {
        auto* const memory = static_cast<int*>(depot.take());
        *memory = i;  // nobody else has it: TSan would tell
        depot.give(memory);
        if (i % 100 == 0) depot.trim(torc::base::now());
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

}  // namespace
