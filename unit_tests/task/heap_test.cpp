// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace {

using torc::detail::block_bytes_of;
using torc::detail::num_size_classes;
using torc::task::heap;
using torc::task::slab;

/// A block that knows what was written all over it.
class written_block {
 public:
  written_block(std::uint8_t size_class, unsigned char pattern)
      : m_block(heap::mine().allocate(size_class)), m_bytes(block_bytes_of(size_class)), m_pattern(pattern) {
    std::memset(m_block, pattern, m_bytes);
  }
  /// Whether nobody else has written to it; frees it.
  bool free() const {
    const auto* const bytes = static_cast<const unsigned char*>(m_block);
    const bool is_intact = std::all_of(bytes, bytes + m_bytes, [this](unsigned char b) { return b == m_pattern; });
    heap::free(m_block);
    return is_intact;
  }
  void* address() const { return m_block; }

 private:
  void* m_block;
  std::size_t m_bytes;
  unsigned char m_pattern;
};

TEST(heap, blocks_of_all_classes_are_aligned_apart_and_within_their_slab) {
  std::vector<written_block> blocks;
  for (std::uint8_t size_class = 1; size_class < num_size_classes; ++size_class) {
    for (int i = 0; i < 200; ++i) {
      blocks.emplace_back(size_class, static_cast<unsigned char>(blocks.size()));
      const auto address = reinterpret_cast<std::uintptr_t>(blocks.back().address());
      ASSERT_EQ(address % torc::detail::block_granularity_bytes, 0U);
      ASSERT_LE(address % slab::size_bytes + block_bytes_of(size_class), slab::size_bytes);
      ASSERT_GE(address % slab::size_bytes, sizeof(slab));
    }
  }
  for (const written_block& b : blocks) ASSERT_TRUE(b.free());
}

TEST(heap, gives_out_the_block_that_came_back_last) {
  void* const first = heap::mine().allocate(3);
  heap::free(first);
  void* const second = heap::mine().allocate(3);
  EXPECT_EQ(first, second);
  heap::free(second);
}

/// Slabs of `count` of them, whole.
std::vector<void*> fill_slabs(std::uint8_t size_class, std::size_t count) {
  std::vector<void*> blocks(count * (slab::size_bytes / block_bytes_of(size_class)));
  for (void*& block : blocks) block = heap::mine().allocate(size_class);
  return blocks;
}

std::set<slab*> slabs_of(const std::vector<void*>& blocks) {
  std::set<slab*> slabs;
  for (void* block : blocks) slabs.insert(slab::of(block));
  return slabs;
}

/// How many of the slabs another thread gets when it needs as many.
std::size_t taken_by_another_thread(const std::set<slab*>& slabs, std::uint8_t size_class) {
  std::size_t taken = 0;
  std::thread([&] {
    const std::vector<void*> blocks = fill_slabs(size_class, slabs.size());
    for (slab* s : slabs_of(blocks)) taken += slabs.count(s);
    for (void* block : blocks) heap::free(block);
  }).join();
  return taken;
}

TEST(heap, passes_slabs_that_became_empty_on_to_other_threads) {
  const std::vector<void*> blocks = fill_slabs(18, 8);
  for (void* block : blocks) heap::free(block);
  EXPECT_GE(taken_by_another_thread(slabs_of(blocks), 17), 5U);
}

TEST(heap, passes_slabs_on_that_other_threads_emptied_once_it_has_collected) {
  const std::vector<void*> blocks = fill_slabs(18, 8);
  std::thread([&] {
    for (void* block : blocks) heap::free(block);
  }).join();
  heap::mine().collect();
  EXPECT_GE(taken_by_another_thread(slabs_of(blocks), 17), 5U);
}

TEST(heap, reuses_what_other_threads_freed) {
  std::set<slab*> all;
  for (int round = 0; round < 50; ++round) {
    const std::vector<void*> blocks = fill_slabs(18, 4);
    all.merge(slabs_of(blocks));
    std::thread([&] {
      for (void* block : blocks) heap::free(block);
    }).join();
  }
  EXPECT_LE(all.size(), 20U) << "slabs, where 4 are in use at a time";
}

TEST(heap, blocks_that_come_back_from_several_threads_are_all_given_out_again) {
  const std::vector<void*> blocks = fill_slabs(18, 4);
  // Some of each slab stay, so that it is not given up; the others come back in turn from here and from elsewhere.
  std::set<void*> freed;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i % 5 == 0) continue;
    freed.insert(blocks[i]);
    if (i % 5 == 1) {
      heap::free(blocks[i]);
    } else {
      std::thread([&] { heap::free(blocks[i]); }).join();
    }
    if (i % 5 == 3) heap::mine().collect();
  }
  heap::mine().collect();
  std::set<void*> again;
  const std::size_t never_given_out = slab::size_bytes / block_bytes_of(18);  // at most, in the last slab
  for (std::size_t i = 0; i < freed.size() + never_given_out; ++i) again.insert(heap::mine().allocate(18));
  EXPECT_TRUE(std::includes(again.begin(), again.end(), freed.begin(), freed.end()));
  EXPECT_EQ(again.size(), freed.size() + never_given_out);
  for (void* block : again) heap::free(block);
  for (std::size_t i = 0; i < blocks.size(); i += 5) heap::free(blocks[i]);
}

TEST(heap, of_a_thread_that_has_ended_goes_to_the_next) {
  slab* first = nullptr;
  slab* second = nullptr;
  void* kept = nullptr;
  std::thread([&] {
    kept = heap::mine().allocate(5);
    first = slab::of(kept);
  }).join();
  heap::free(kept);  // by a thread that is not its owner, which is gone
  std::thread([&] {
    void* const block = heap::mine().allocate(5);
    second = slab::of(block);
    heap::free(block);
  }).join();
  EXPECT_EQ(first, second);
}

TEST(heap, blocks_freed_by_any_thread_are_never_given_out_twice) {
  constexpr int threads = 4;
  constexpr int rounds = 4'000;
  constexpr std::size_t slots = 256;
  // Each slot hands a block from whoever made it to whoever takes it.
  std::vector<std::atomic<written_block*>> shared(slots);
  std::atomic<int> damaged{0};
  const auto put = [&](std::size_t at, written_block* block) {
    const written_block* const before = shared[at].exchange(block, std::memory_order_acq_rel);
    if (before == nullptr) return;
    if (!before->free()) ++damaged;
    delete before;
  };
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      std::mt19937 numbers(static_cast<unsigned>(t));
      for (int i = 0; i < rounds; ++i) {
        const auto size_class = static_cast<std::uint8_t>(1 + numbers() % (num_size_classes - 1));
        put(numbers() % slots, new written_block(size_class, static_cast<unsigned char>(numbers())));
      }
    });
  }
  for (std::thread& t : all) t.join();
  for (std::size_t at = 0; at < slots; ++at) put(at, nullptr);
  EXPECT_EQ(damaged, 0);
}

}  // namespace
