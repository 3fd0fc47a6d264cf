// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/cluster.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "unit_tests/sim/random_job.hpp"

/// Jobs that were thought out, each for one promise.
namespace {

using namespace std::chrono_literals;
using torc::protocol::message_kind;
using torc::sim::cluster;
using torc::sim::cluster_options;
using torc::sim::nanoseconds;
using torc::sim::placement;
using torc::sim::step;
using torc::sim::task_spec;

/// The primary task does the given steps, all others compute.
class two_levels final : public torc::sim::program {
 public:
  static constexpr std::uint32_t primary = 1;
  std::vector<step> steps;

  std::vector<step> script(const task_spec& task) const override {
    if (task.kind == primary) return steps;
    return {{.what = step::action::compute, .duration = task.duration}};
  }
  void spawn(placement where, std::uint64_t node, nanoseconds duration) {
    steps.push_back({.what = step::action::spawn,
                     .number = node,
                     .where = where,
                     .task = {.seed = steps.size(), .duration = duration}});
  }
  void spawn_on_device(placement where, std::uint64_t node, nanoseconds duration, bool is_for_host_too = false) {
    spawn(where, node, duration);
    steps.back().task.space = 0;
    steps.back().task.is_for_host_too = is_for_host_too;
  }
  void compute(nanoseconds duration) { steps.push_back({.what = step::action::compute, .duration = duration}); }
  void wait() { steps.push_back({.what = step::action::wait}); }
};

constexpr task_spec primary{.kind = two_levels::primary};

TEST(cluster, lets_every_node_execute_something_of_what_one_has) {
  for (const int num_nodes : {2, 5, 16, 64}) {
    two_levels what;
    for (int i = 0; i < num_nodes * 50; ++i) what.spawn(placement::nested, 0, 1ms);
    what.wait();
    cluster_options options;
    options.num_nodes = num_nodes;
    options.workers = {2};
    options.is_stealing = true;
    cluster job(options, what);
    job.begin(primary);
    job.run(10'000'000);
    for (int i = 0; i < num_nodes; ++i) EXPECT_GT(job.at(i).num_executed(), 10U) << "node " << i << " of " << num_nodes;
    // 25 tasks a worker, one after the other, and at most as long again for all that is not even.
    EXPECT_LT(job.when().now(), 50ms);
  }
}

TEST(cluster, executes_all_where_it_was_submitted_while_stealing_is_off) {
  two_levels what;
  for (int i = 0; i < 100; ++i) what.spawn(placement::nested, 0, 1ms);
  cluster_options options;
  options.num_nodes = 4;
  cluster job(options, what);
  job.begin(primary);
  job.run(100'000);
  EXPECT_EQ(job.at(0).num_executed(), 101U);
}

TEST(cluster, sends_nothing_while_idle_nodes_have_nothing_to_hope_for) {
  two_levels what;
  what.compute(1000s);
  cluster_options options;
  options.num_nodes = 32;
  options.workers = {1, 3};
  options.is_stealing = true;
  cluster job(options, what);
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  job.begin(primary);
  job.call_after(1s, [&] { early = job.net().num_sent(); });
  job.call_after(999s, [&] { late = job.net().num_sent(); });
  job.run(100'000);
  EXPECT_GT(early, 0U);
  EXPECT_EQ(early, late);
  // Each node: a few requests with their answers, then its lifelines.
  EXPECT_LT(early, 32U * (2 * 8 + 5));
}

TEST(cluster, pushes_work_through_lifelines_to_nodes_that_have_gone_quiet) {
  two_levels what;
  what.compute(1s);
  for (int i = 0; i < 400; ++i) what.spawn(placement::nested, 0, 10ms);
  what.wait();
  cluster_options options;
  options.num_nodes = 16;
  options.is_stealing = true;
  cluster job(options, what);
  job.begin(primary);
  job.run(1'000'000);
  EXPECT_GT(job.net().num_sent(message_kind::gift), 0U);
  for (int i = 0; i < 16; ++i) EXPECT_GT(job.at(i).num_executed(), 5U) << "node " << i;
}

TEST(cluster, begins_to_steal_when_it_is_switched_on_midway) {
  two_levels what;
  for (int i = 0; i < 400; ++i) what.spawn(placement::nested, 0, 10ms);
  what.compute(1s);
  what.steps.push_back({.what = step::action::set_stealing, .number = 1});
  what.wait();
  cluster_options options;
  options.num_nodes = 8;
  cluster job(options, what);
  std::uint64_t before = 0;
  job.call_after(999ms, [&] { before = job.net().num_sent(message_kind::task); });
  job.begin(primary);
  job.run(1'000'000);
  EXPECT_EQ(before, 0U);
  for (int i = 0; i < 8; ++i) EXPECT_GT(job.at(i).num_executed(), 5U) << "node " << i;
}

TEST(cluster, agrees_on_stealing_whoever_switches_it) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    torc::sim::random rng(seed);
    class switching final : public torc::sim::program {
     public:
      std::vector<step> script(const task_spec& task) const override {
        if (task.kind == two_levels::primary) {
          std::vector<step> steps;
          for (std::uint64_t i = 0; i < 20; ++i)
            steps.push_back({.what = step::action::spawn,
                             .number = i,
                             .where = placement::pinned,
                             .task = {.seed = i, .duration = nanoseconds(task.seed % 1000 * (i % 7))}});
          steps.push_back({.what = step::action::compute, .duration = 1s});
          return steps;
        }
        return {{.what = step::action::compute, .duration = task.duration},
                {.what = step::action::set_stealing, .number = task.seed % 2}};
      }
    };
    const switching what;
    cluster_options options;
    options.num_nodes = 7;
    options.network.kind = torc::sim::delays::shape::heavy_tailed;
    options.seed = seed;
    cluster job(options, what);
    job.begin({.seed = rng(), .kind = two_levels::primary});
    int num_on = 0;
    job.call_after(900ms, [&] {
      for (int i = 0; i < 7; ++i) num_on += job.at(i).protocol().is_stealing() ? 1 : 0;
    });
    job.run(100'000);
    EXPECT_TRUE(num_on == 0 || num_on == 7) << num_on << " of 7 with seed " << seed;
  }
}

TEST(cluster, keeps_at_home_what_a_node_has_no_room_for) {
  two_levels what;
  for (int i = 0; i < 10'000; ++i) what.spawn(placement::pinned, 1, 1us);
  what.wait();
  cluster_options options;
  options.num_nodes = 2;
  options.budget_bytes = 5'000;
  cluster job(options, what);
  std::size_t most_guests = 0;
  for (int i = 1; i < 10'000; ++i)
    job.call_after(i * 1us, [&] { most_guests = std::max(most_guests, job.at(1).protocol().num_guests()); });
  job.begin(primary);
  job.run(1'000'000);
  EXPECT_EQ(job.at(1).num_executed(), 10'000U);
  EXPECT_GT(most_guests, 5U);
  EXPECT_LT(most_guests, 15U) << "each takes 256 bytes and more";
}

/// Of nine nodes three have two slots each.
cluster_options with_some_devices() {
  cluster_options options;
  options.num_nodes = 9;
  options.slots = {{0}, {2}, {0}, {0}, {2}, {0}, {0}, {0}, {2}};
  options.is_stealing = true;
  return options;
}

TEST(cluster, lets_every_node_with_the_space_execute_something_of_what_one_has) {
  two_levels what;
  what.compute(1s);  // all have gone quiet
  for (int i = 0; i < 300; ++i) what.spawn_on_device(placement::placed, 0, 1ms);
  what.wait();
  cluster job(with_some_devices(), what);
  job.begin(primary);
  job.run(1'000'000);
  for (const int i : {1, 4, 8}) EXPECT_GT(job.at(i).num_executed_in_slots(), 20U) << "node " << i;
  EXPECT_EQ(job.at(1).num_executed_in_slots() + job.at(4).num_executed_in_slots() + job.at(8).num_executed_in_slots(),
            300U);
  // 50 tasks a slot, one after the other, and at most as long again.
  EXPECT_LT(job.when().now(), 1s + 100ms);
}

TEST(cluster, gives_tasks_for_either_to_nodes_without_the_space) {
  two_levels what;
  for (int i = 0; i < 300; ++i) what.spawn_on_device(placement::placed, 1, 1ms, true);
  what.wait();
  cluster job(with_some_devices(), what);
  job.begin(primary);
  job.run(1'000'000);
  for (int i = 0; i < 9; ++i) EXPECT_GT(job.at(i).num_executed(), 5U) << "node " << i;
}

TEST(cluster, does_not_pass_tasks_around_among_busy_nodes_with_idle_devices) {
  two_levels what;
  for (int i = 0; i < 9; ++i) what.spawn(placement::pinned, static_cast<std::uint64_t>(i), 1s);
  for (int i = 0; i < 100; ++i) what.spawn(placement::nested, 0, 1ms);
  what.wait();
  cluster_options options = with_some_devices();
  options.slots = {{2}};
  cluster job(options, what);
  job.begin(primary);
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  job.call_after(500ms, [&] { early = job.net().num_sent(); });
  job.call_after(900ms, [&] { late = job.net().num_sent(); });
  job.run(100'000);
  EXPECT_EQ(early, late);
}

/// Device tasks down to some depth, each of which waits for two others.
class device_tree final : public torc::sim::program {
 public:
  std::vector<step> script(const task_spec& task) const override {
    std::vector<step> steps{{.what = step::action::compute, .duration = 1us}};
    if (task.kind == 0) return steps;
    for (std::uint64_t i = 0; i < 2; ++i)
      steps.push_back({.what = step::action::spawn,
                       .number = task.seed + i,
                       .where = placement::placed,
                       .task = {.seed = 2 * task.seed + i, .kind = task.kind - 1, .space = 0}});
    steps.push_back({.what = step::action::wait});
    steps.push_back({.what = step::action::compute, .duration = 1us});
    return steps;
  }
};

TEST(cluster, lends_the_slots_of_device_tasks_that_wait) {
  const device_tree what;
  for (const std::int64_t budget_bytes : {1, 1 << 20}) {
    for (const bool is_stealing : {false, true}) {
      cluster_options options;
      options.num_nodes = 5;
      options.slots = {{0}, {1}};
      options.budget_bytes = budget_bytes;
      options.is_stealing = is_stealing;
      cluster job(options, what);
      job.begin({.seed = 1, .kind = 8});
      job.run(100'000);
      EXPECT_EQ(job.at(1).num_executed_in_slots() + job.at(3).num_executed_in_slots(), 510U);
    }
  }
}

TEST(cluster, goes_the_same_way_each_time) {
  tests::seen first;
  tests::seen second;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(tests::run_seed(seed, false, first), "");
    EXPECT_EQ(tests::run_seed(seed, false, second), "");
    EXPECT_EQ(first.messages, second.messages) << "with seed " << seed;
  }
}

TEST(cluster, reports_what_does_not_come_to_an_end) {
  two_levels what;
  what.wait();
  cluster_options options;
  options.num_nodes = 2;
  cluster job(options, what);  // without a primary task
  EXPECT_THROW(job.run(1'000), torc::sim::broken);
}

}  // namespace
