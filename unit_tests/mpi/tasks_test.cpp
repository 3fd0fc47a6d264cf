// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "core/base/sanitizers.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

/// Tasks that go to other nodes and come back.
namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;

int square(int x) { return x * x; }
int where() { return torc::node_id(); }

int tree_sum(int depth) {
  if (depth == 0) return 1;
  auto left = torc::submit(tree_sum, depth - 1);
  auto right = torc::submit(tree_sum, depth - 1);
  torc::wait();
  return left.result() + right.result();
}

TEST(tasks, of_the_primary_task_give_their_values_wherever_they_run) {
  on_all_kinds_of_nodes([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 1000; ++i) futures.push_back(torc::submit(square, i));
    torc::wait();
    for (int i = 0; i < 1000; ++i) {
      EXPECT_TRUE(futures[static_cast<std::size_t>(i)].done());
      EXPECT_EQ(futures[static_cast<std::size_t>(i)].input(), i);
      EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i * i);
    }
  });
}

TEST(tasks, go_round_the_nodes_in_proportion_to_their_workers) {
  on_nodes({.workers = 2}, [] {
    std::vector<torc::future<int()>> futures;
    const int rounds = 3;
    for (int i = 0; i < rounds * torc::num_workers(); ++i) futures.push_back(torc::submit(where));
    std::map<int, int> count;
    for (auto& f : futures) ++count[f.result()];
    EXPECT_EQ(static_cast<int>(count.size()), torc::num_nodes());
    for (const auto& [node, tasks] : count) EXPECT_EQ(tasks, rounds * 2) << "on node " << node;
    EXPECT_EQ(futures.front().result(), 0) << "they start at home";
  });
}

TEST(tasks, that_stay_at_home_cannot_be_pinned_elsewhere) {
  on_nodes({.workers = 2}, [] {
    const int last = torc::num_workers() - 1;
    const auto submit_pinned = [&] {
      torc::submit(torc::task_options{.worker = last, .pinned = true}, torc::local([] {})).result();
    };
    if (torc::num_nodes() == 1) {
      submit_pinned();
    } else {
      EXPECT_THROW(submit_pinned(), std::invalid_argument);
    }
  });
}

TEST(tasks, that_are_pinned_run_on_the_very_worker) {
  on_all_kinds_of_nodes([] {
    std::vector<torc::future<int()>> futures;
    for (int i = 0; i < 4 * torc::num_workers(); ++i) {
      futures.push_back(torc::submit({.worker = i % torc::num_workers(), .pinned = true}, [] {
        return torc::worker_id() + 1000 * (torc::node_id() * torc::num_local_workers() + torc::worker_local_id());
      }));
    }
    for (int i = 0; i < 4 * torc::num_workers(); ++i)
      EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), 1001 * (i % torc::num_workers()));
  });
}

TEST(tasks, nest_to_any_depth_across_nodes) {
  static constexpr int depth = torc::base::is_tsan ? 7 : 10;
  on_all_kinds_of_nodes([] { EXPECT_EQ(torc::submit(tree_sum, depth).result(), 1 << depth); });
}

int ping_pong(int depth) {
  if (depth == 0) return 0;
  const int next = (torc::worker_id() + 1) % torc::num_workers();
  return 1 + torc::submit({.worker = next, .pinned = true}, ping_pong, depth - 1).result();
}

TEST(tasks, wait_for_each_other_in_long_chains_across_nodes) {
  static constexpr int length = torc::base::is_tsan ? 500 : 5000;
  on_nodes({.workers = 1}, [] { EXPECT_EQ(torc::submit(ping_pong, length).result(), length); });
}

TEST(tasks, carry_arguments_and_results_of_any_size) {
  on_nodes({.workers = 1}, [] {
    const int last = torc::num_workers() - 1;
    for (const std::size_t size : {0U, 1U, 100U, 10'000U, 65'536U, 1'000'000U, 3'000'000U}) {
      std::vector<double> given(size);
      std::iota(given.begin(), given.end(), 0.5);
      const auto back = torc::submit(
          {.worker = last, .pinned = true},
          [](std::vector<double> v) {
            for (double& x : v) x += 1;
            return v;
          },
          given);
      const std::vector<double>& got = back.result();
      ASSERT_EQ(got.size(), size);
      for (std::size_t i = 0; i < size; i += 997) ASSERT_EQ(got[i], given[i] + 1);
    }
    const auto text = torc::submit(
        {.worker = last, .pinned = true},
        [](const std::map<std::string, std::vector<int>>& m) { return m.at("b").at(1); },
        std::map<std::string, std::vector<int>>{{"a", {1}}, {"b", {2, 3}}});
    EXPECT_EQ(text.result(), 3);
  });
}

TEST(tasks, wait_for_room_at_the_receiver_without_losing_any) {
  on_nodes({.workers = 1}, [] {
    // More bytes than the credit of one sender.
    const std::string large((torc::base::is_tsan ? 1 : 4) << 20, 'x');
    std::vector<torc::future<std::size_t(std::string)>> futures;
    const int last = torc::num_workers() - 1;
    for (int i = 0; i < (torc::base::is_tsan ? 80 : 40); ++i) {
      futures.push_back(torc::submit(
          {.worker = last, .pinned = true}, [](const std::string& s) { return s.size(); }, large));
    }
    for (auto& f : futures) EXPECT_EQ(f.result(), large.size());
  });
}

TEST(map, gives_results_in_input_order) {
  on_all_kinds_of_nodes([] {
    const auto values = torc::map(square, std::views::iota(0, 2000));
    ASSERT_EQ(values.size(), 2000U);
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(values[static_cast<std::size_t>(i)], i * i);
    EXPECT_EQ(torc::map([](int i) { return i % 2 == 0; }, std::views::iota(0, 3)),
              (std::vector<bool>{true, false, true}));
    torc::map([](int) {}, std::views::iota(0, 10));
  });
}

// With stealing elements go where they are fetched, and a node that is fast has done all of them before.
TEST(map, goes_to_all_nodes_without_stealing) {
  for (const int workers : {1, 2}) {
    on_nodes({.workers = workers, .stealing = false}, [] {
      const auto nodes = torc::map(
          {.chunksize = 7}, [](int) { return torc::node_id(); }, std::views::iota(0, 500));
      EXPECT_EQ(std::set<int>(nodes.begin(), nodes.end()).size() > 1, torc::num_nodes() > 1);
    });
  }
}

TEST(futures, are_given_as_they_complete_wherever_they_run) {
  on_all_kinds_of_nodes([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 50; ++i) futures.push_back(torc::submit(square, i));
    std::set<int> seen;
    for (auto& f : torc::as_completed(futures)) seen.insert(f.result());
    EXPECT_EQ(seen.size(), 50U);
  });
}

TEST(futures, call_back_and_continue_at_home) {
  on_all_kinds_of_nodes([] {
    int sum = 0;  // the callbacks are tasks of node 0
    std::atomic<int> total{0};
    std::vector<torc::future<int>> doubled;
    for (int i = 0; i < 10; ++i) {
      auto f = torc::submit(square, i);
      f.add_done_callback([&](const torc::future<int>& done) { total += done.result() + 1000 * torc::node_id(); });
      doubled.push_back(f.then([&](int x) { return 2 * x; }));
    }
    torc::wait();
    sum = total;
    EXPECT_EQ(sum, 285);
    int twice = 0;
    for (auto& d : doubled) twice += d.result();
    EXPECT_EQ(twice, 570);
  });
}

TEST(random_numbers, do_not_depend_on_where_tasks_run) {
  const auto draw = [](const torc::options& given) {
    std::vector<std::uint64_t> drawn;
    on_nodes(given, [&] {
      drawn = torc::map(
          [](int) {
            const std::uint64_t own = torc::task_rng()();
            return own ^ torc::submit([] { return torc::task_rng()(); }).result();
          },
          std::views::iota(0, 100));
    });
    return drawn;
  };
  const auto first = draw({.workers = 1, .placement = torc::placement_policy::local, .seed = 7});
  EXPECT_EQ(draw({.workers = 2, .stealing = true, .seed = 7}), first);
  EXPECT_EQ(draw({.workers = 1, .placement = torc::placement_policy::cyclic, .seed = 7}), first);
}

}  // namespace
