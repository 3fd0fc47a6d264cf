// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/doorbell.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "unit_tests/mpi/test_node.hpp"

namespace torc::backends::mpi {
namespace {

using namespace std::chrono_literals;

/// No test here may sleep as long as this; a wake-up that is lost shows by a sleep of this length.
constexpr auto far_too_long = 20s;

/// Sleeps, and says whether it was woken.
template <class Sleeper>
bool is_woken(Sleeper& sleeper) {
  const auto begin = base::now();
  sleeper.sleep(far_too_long);
  return base::now() - begin < far_too_long / 2;
}

TEST(doorbell, wakes_the_sleeper_for_every_frame) {
  mailbox box;
  doorbell bell(box);
  constexpr std::uint64_t rounds = 2000;
  std::atomic<std::uint64_t> taken{0};
  std::thread sender([&] {
    for (std::uint64_t i = 0; i < rounds; ++i) {
      box.announce();
      // Not before the receiver is done: it must wake up for this one.
      while (taken.load() != i + 1) std::this_thread::yield();
    }
  });
  std::uint64_t num_slept = 0;
  bool all_woken = true;
  while (taken.load() != rounds) {
    bell.begin_polling();
    if (box.has_mail()) {
      box.received.store(box.received.load() + 1);
      taken.fetch_add(1);
    }
    if (!bell.end_polling() || box.has_mail() || taken.load() == rounds) continue;
    ++num_slept;
    if (!is_woken(bell)) all_woken = false;
  }
  sender.join();
  EXPECT_TRUE(all_woken);
  EXPECT_GT(num_slept, 0U);
}

TEST(doorbell, wakes_the_sleeper_while_threads_come_and_go) {
  mailbox box;
  doorbell bell(box);
  std::atomic<bool> is_over{false};
  const auto take = [&] {
    // Several threads may try; each frame is one step of this counter.
    std::uint64_t received = box.received.load();
    while (received != box.sent.load() && !box.received.compare_exchange_weak(received, received + 1)) {
    }
  };
  std::vector<std::thread> visitors;
  for (int i = 0; i < 2; ++i) {
    visitors.emplace_back([&] {
      while (!is_over.load()) {
        bell.begin_polling();
        take();
        // Whoever ends last looks once more; the sleeper sleeps anyway.
        if (bell.end_polling()) take();
        std::this_thread::yield();
      }
    });
  }
  bool all_woken = true;
  std::thread sleeper([&] {
    while (!is_over.load()) {
      bell.begin_polling();
      take();
      if (!bell.end_polling() || box.has_mail() || is_over.load()) continue;
      if (!is_woken(bell)) all_woken = false;
    }
  });
  for (std::uint64_t i = 0; i < 2000; ++i) {
    box.announce();
    while (box.has_mail()) std::this_thread::yield();
  }
  is_over.store(true);
  bell.ring();
  sleeper.join();
  for (auto& v : visitors) v.join();
  EXPECT_TRUE(all_woken);
}

TEST(doorbell, is_rung_only_where_nobody_polls) {
  mailbox box;
  doorbell bell(box);
  const auto number = [&] { return box.bell.load() >> 1U; };
  bell.begin_polling();
  bell.begin_polling();
  box.announce();
  EXPECT_FALSE(bell.end_polling());
  box.announce();
  EXPECT_EQ(number(), 0U);
  EXPECT_TRUE(bell.end_polling());
  box.announce();
  box.announce();
  EXPECT_EQ(number(), 1U) << "one ring is enough until somebody polls again";
  EXPECT_TRUE(is_woken(bell));
}

TEST(doorbell, rung_before_the_sleep_ends_it_at_once) {
  mailbox box;
  doorbell bell(box);
  bell.ring();
  EXPECT_TRUE(is_woken(bell));
  const auto begin = base::now();
  bell.sleep(2ms);
  EXPECT_GE(base::now() - begin, 2ms) << "the same ring does not wake twice";
}

TEST(doorbell, wakes_a_node_that_sleeps) {
  test_node node;
  if ((node.self() ^ 1) >= node.num_nodes()) GTEST_SKIP() << "needs a second node";
  const node_id other{node.self() ^ 1};
  constexpr std::uint64_t rounds = 600;
  std::uint64_t num_received = 0;
  node.on_message = [&](node_id from, const message& arrived) {
    EXPECT_EQ(from, other);
    EXPECT_EQ(arrived.value, num_received);
    ++num_received;
  };
  int num_lost = 0;
  // Now and then what is more than MPI sends at once, and what follows by itself.
  const std::vector<std::byte> payload(200'000);
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const std::size_t size = i % 100 == 7 ? payload.size() : i % 10 == 5 ? 50'000 : 8;
    const auto send = [&] {
      node.network.send(other, {.value = i, .payload = std::span(payload).first(size)});
      node.network.flush();
    };
    if (node.self() < base::number_of(other)) send();
    node.network.begin_polling();
    while (num_received <= i) {
      node.network.flush();
      if (node.poll()) continue;
      EXPECT_TRUE(node.network.end_polling());
      if (!node.poll() && !is_woken(node.network) && ++num_lost == 3) std::abort();
      node.network.begin_polling();
    }
    EXPECT_TRUE(node.network.end_polling());
    if (node.self() > base::number_of(other)) send();
  }
  node.run_until_flushed();
  EXPECT_EQ(num_lost, 0);
}

TEST(doorbell, of_a_node_is_rung_by_its_own_threads) {
  test_node node;
  node.network.begin_polling();
  EXPECT_TRUE(node.network.end_polling());
  std::thread other([&] { node.network.ring(); });
  EXPECT_TRUE(is_woken(node.network));
  other.join();
}

}  // namespace
}  // namespace torc::backends::mpi
