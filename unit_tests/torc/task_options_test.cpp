// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/task_options.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using namespace std::chrono_literals;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;

TEST(task_options, a_pinned_task_runs_on_its_worker) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 100; ++i) {
      futures.push_back(torc::submit(
          {.worker = i % torc::num_workers(), .pinned = true}, [](int) { return torc::worker_id(); }, i));
    }
    for (int i = 0; i < 100; ++i) EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i % torc::num_workers());
  });
}

TEST(task_options, a_worker_that_does_not_exist_is_out_of_range) {
  on_workers(2, [] {
    EXPECT_EQ(message_of<std::out_of_range>([] { torc::submit({.worker = 2}, tests::identity, 1); }),
              "submit: worker 2 does not exist: there are 2, numbered from 0 (or -1 for any)");
    EXPECT_THROW(torc::submit({.worker = -2}, tests::identity, 1), std::out_of_range);
    EXPECT_EQ(torc::submit({.worker = 1}, tests::identity, 7).result(), 7);
  });
}

TEST(task_options, greater_priorities_run_first_and_before_tasks_without) {
  on_workers_with_main(1, [] {
    static std::vector<int> order;
    order.clear();
    const auto note = [](int x) { order.push_back(x); };
    torc::submit(note, 0);
    for (const int p : {3, 1, 2}) torc::submit({.priority = p}, note, p);
    torc::submit({.priority = 2}, note, 20);
    torc::wait();
    EXPECT_EQ(order, (std::vector<int>{3, 2, 20, 1, 0}));
  });
}

TEST(task_options, a_task_with_a_priority_runs_before_the_nested_ones_of_a_waiting_parent) {
  on_workers_with_main(1, [] {
    static std::vector<int> order;
    order.clear();
    const auto parent = [](int) {
      const auto note = [](int x) { order.push_back(x); };
      for (int i = 0; i < 3; ++i) torc::submit(note, i);
      torc::submit({.priority = 1}, note, 9);
      torc::wait();
    };
    torc::submit(parent, 0).result();
    EXPECT_EQ(order, (std::vector<int>{9, 2, 1, 0}));
  });
}

TEST(task_options, a_priority_that_is_no_number_is_refused) {
  on_workers_with_main(
      1, [] { EXPECT_THROW(torc::submit({.priority = std::nan("")}, tests::identity, 1), std::invalid_argument); });
}

TEST(task_options, a_body_that_throws_is_tried_again_with_the_same_arguments) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> tries;
    tries = 0;
    const auto third_time_lucky = [](std::vector<int> v) {
      EXPECT_EQ(v.size(), 3U);
      v.clear();
      if (++tries < 3) throw std::runtime_error("again");
      return tries.load();
    };
    EXPECT_EQ(torc::submit({.retries = 5}, third_time_lucky, std::vector<int>(3)).result(), 3);
    tries = 0;
    auto failed = torc::submit({.retries = 1}, third_time_lucky, std::vector<int>(3));
    EXPECT_THROW(failed.result(), std::runtime_error);
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(failed.input().size(), 3U);
  });
}

TEST(task_options, a_retry_draws_the_same_random_numbers) {
  on_workers(2, [] {
    static std::vector<std::uint64_t> drawn;
    drawn.clear();
    torc::submit(
        {.retries = 2},
        [](int) {
          drawn.push_back(torc::task_rng()());
          if (drawn.size() < 3) throw std::runtime_error("again");
        },
        0)
        .result();
    ASSERT_EQ(drawn.size(), 3U);
    EXPECT_EQ(drawn[0], drawn[1]);
    EXPECT_EQ(drawn[0], drawn[2]);
  });
}

TEST(task_options, retries_need_arguments_that_can_be_copied) {
  on_workers_with_main(1, [] {
    const auto body = [](std::unique_ptr<int> p) { return *p; };
    EXPECT_THROW(torc::submit({.retries = 1}, body, std::make_unique<int>(1)), std::invalid_argument);
    EXPECT_EQ(torc::submit({.name = "moved"}, body, std::make_unique<int>(1)).result(), 1);
    EXPECT_THROW(torc::submit({.retries = -1}, tests::identity, 1), std::invalid_argument);
  });
}

TEST(task_options, at_its_timeout_the_future_fails_and_the_body_is_asked_to_stop) {
  on_1_2_and_4_workers([] {
    static std::atomic<bool> has_stopped;
    has_stopped = false;
    auto f = torc::submit(
        {.name = "slow", .timeout = 20ms},
        [](int x) {
          while (!torc::stop_requested()) {
          }
          has_stopped = true;
          return x;
        },
        1);
    EXPECT_NE(
        message_of<torc::timeout_error>([&] { f.result(); }).find("task 'slow' ran longer than its timeout of 0.02"),
        std::string::npos);
    torc::wait();  // for the body
    EXPECT_TRUE(has_stopped);
    EXPECT_THROW(f.result(), torc::timeout_error);  // what the body returned is discarded
  });
}

TEST(task_options, a_task_that_is_faster_than_its_timeout_keeps_its_value) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 200; ++i) futures.push_back(torc::submit({.timeout = 1h}, tests::identity, i));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i);
    EXPECT_THROW(torc::submit({.timeout = -1s}, tests::identity, 1), std::invalid_argument);
  });
}

TEST(task_options, a_limit_is_never_exceeded_and_all_its_tasks_run) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> running;
    static std::atomic<int> most;
    static std::atomic<int> done;
    running = most = done = 0;
    torc::set_limit("licence", 2);
    const auto body = [](int) {
      const int now = ++running;
      int before = most;
      while (before < now && !most.compare_exchange_weak(before, now)) {
      }
      torc::submit(tests::identity, 1).result();  // holds the limit while it waits
      --running;
      ++done;
    };
    for (int i = 0; i < 200; ++i) torc::submit({.limit = "licence"}, body, i);
    torc::wait();
    EXPECT_EQ(done, 200);
    EXPECT_LE(most, 2);
  });
}

TEST(task_options, raising_a_limit_lets_waiting_tasks_go_on) {
  on_workers(2, [] {
    tests::signal both_run;
    std::atomic<int> running{0};
    torc::set_limit("seats", 1);
    const auto body = [&](int) {
      if (++running == 1) torc::set_limit("seats", 2);
      if (running == 2) both_run.raise();
      both_run.block();
    };
    for (int i = 0; i < 2; ++i) torc::submit({.limit = "seats"}, torc::local(body), i);
    torc::wait();
    EXPECT_EQ(running, 2);
  });
}

TEST(task_options, a_limit_gives_several_units_to_a_task) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> in_use;
    static std::atomic<bool> is_exceeded;
    in_use = 0;
    is_exceeded = false;
    torc::set_limit("memory_gb", 8, torc::per_node);
    const auto body = [](int units) {
      if ((in_use += units) > 8) is_exceeded = true;
      torc::submit(tests::identity, 1).result();
      in_use -= units;
    };
    for (int i = 0; i < 200; ++i) {
      const int units = 1 + i % 8;
      torc::submit({.limit = {"memory_gb", units}}, body, units);
    }
    torc::wait();
    EXPECT_EQ(in_use, 0);
    EXPECT_FALSE(is_exceeded);
  });
}

TEST(task_options, bad_limits_are_refused) {
  on_workers_with_main(1, [] {
    torc::set_limit("memory_gb", 8);
    EXPECT_THROW(torc::submit({.limit = {"memory_gb", 9}}, tests::identity, 1), std::out_of_range);
    EXPECT_THROW(torc::submit({.limit = {"memory_gb", 0}}, tests::identity, 1), std::invalid_argument);
    EXPECT_THROW(torc::set_limit("memory_gb", 8, torc::per_node), std::invalid_argument);
    EXPECT_THROW(torc::submit({.limit = "unheard of"}, tests::identity, 1), std::out_of_range);
    EXPECT_THROW(torc::set_limit("zero", 0), std::invalid_argument);
    EXPECT_THROW(torc::set_limit("", 1), std::invalid_argument);
    torc::set_limit("outer", 1);
    const auto nests = [](int x) {
      torc::submit({.limit = "outer"}, tests::identity, x);  // could wait for its own parent for ever
    };
    EXPECT_THROW(torc::submit({.limit = "outer"}, nests, 1).result(), torc::error);
  });
  EXPECT_THROW(torc::set_limit("outside", 1), torc::error);
}

TEST(task_options, a_cancelled_task_gives_its_place_under_a_limit_away) {
  on_workers_with_main(1, [] {
    torc::set_limit("one", 1);
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 20; ++i) futures.push_back(torc::submit({.limit = "one"}, tests::identity, i));
    for (std::size_t i = 0; i < 20; i += 2) EXPECT_TRUE(futures[i].cancel());
    torc::wait();
    for (std::size_t i = 1; i < 20; i += 2) EXPECT_EQ(futures[i].result(), static_cast<int>(i));
  });
}

TEST(task_options, a_task_with_cores_has_its_workers_to_itself) {
  for (const int workers : {2, 4}) {
    on_workers(workers, [] {
      static std::atomic<int> others;
      static std::atomic<int> worst;
      others = worst = 0;
      const auto other = [](int) {
        ++others;
        for (int i = 0; i < 1000; ++i) torc::stop_requested();
        --others;
      };
      const auto wide = [](int) {
        for (int i = 0; i < 1000; ++i) worst = std::max(worst.load(), others.load());
      };
      for (int i = 0; i < 50; ++i) {
        torc::submit(other, i);
        torc::submit({.cores = torc::num_workers()}, wide, i);
        torc::submit(other, i);
      }
      torc::wait();
      EXPECT_EQ(worst, 0);
    });
  }
}

TEST(task_options, a_task_with_cores_lends_them_out_while_it_waits_and_has_them_back_then) {
  for (const int workers : {2, 4}) {
    on_workers(workers, [] {
      static std::atomic<int> others;
      others = 0;
      const auto wide = [](int x) {
        int sum = 0;
        for (int round = 0; round < 5; ++round) {
          std::vector<torc::future<int(int)>> children;
          for (int w = 0; w < torc::num_workers(); ++w) {
            children.push_back(torc::submit(
                {.worker = w, .pinned = true},
                [](int y) {
                  ++others;
                  --others;
                  return y;
                },
                x));
          }
          torc::wait();
          EXPECT_EQ(others, 0);
          for (auto& child : children) sum += child.result();
        }
        return sum;
      };
      std::vector<torc::future<int(int)>> futures;
      for (int i = 0; i < 10; ++i) futures.push_back(torc::submit({.cores = torc::num_workers()}, wide, i));
      for (int i = 0; i < 10; ++i)
        EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), 5 * i * torc::num_workers());
    });
  }
}

TEST(task_options, gangs_of_all_sizes_end) {
  on_workers(4, [] {
    static std::atomic<int> done;
    done = 0;
    for (int i = 0; i < 300; ++i)
      torc::submit(
          {.cores = 1 + i % 4}, [](int) { ++done; }, i);
    torc::wait();
    EXPECT_EQ(done, 300);
  });
}

TEST(task_options, more_cores_than_workers_are_refused) {
  on_workers(2, [] {
    EXPECT_EQ(message_of<std::out_of_range>([] { torc::submit({.cores = 3}, tests::identity, 1); }),
              "submit: a task cannot have 3 cores: the node has 2 workers (TORC_WORKERS)");
  });
  on_workers(1, [] {
    EXPECT_EQ(message_of<std::out_of_range>([] { torc::submit({.cores = 2}, tests::identity, 1); }),
              "submit: a task cannot have 2 cores: the node has 1 worker (TORC_WORKERS)");
  });
}

TEST(task_options, what_is_out_of_its_range_is_refused_for_that_reason) {
  on_workers(2, [] {
    const auto refusal = [](const torc::task_options& options) {
      return message_of<std::invalid_argument>([&] { torc::submit(options, tests::identity, 1); });
    };
    EXPECT_EQ(refusal({.cores = 0}), "submit: cores must be at least 1, not 0");
    EXPECT_EQ(refusal({.cores = -3}), "submit: cores must be at least 1, not -3");
    EXPECT_EQ(refusal({.retries = -1}), "submit: retries must be at least 0, not -1");
    EXPECT_EQ(refusal({.timeout = -2}), "submit: timeout must be at least 0 s (0 for none), not -2 s");
    EXPECT_EQ(refusal({.timeout = std::nan("")}), "submit: timeout must be at least 0 s (0 for none), not nan s");
    EXPECT_EQ(refusal({.limit = {"", 3}}), "submit: a limit has a name, and units (3) alone are none");
    torc::set_limit("some", 2);
    EXPECT_EQ(refusal({.limit = {"some", 0}}), "submit: a task takes at least 1 unit of the limit 'some', not 0");
  });
}

TEST(task_options, retries_below_0_are_not_taken_for_some_that_need_copies) {
  on_workers(1, [] {
    const auto own = [](std::unique_ptr<int> p) { return *p; };
    EXPECT_EQ(message_of<std::invalid_argument>(
                  [&] { torc::submit({.retries = -1}, torc::local(own), std::make_unique<int>(1)); }),
              "submit: retries must be at least 0, not -1");
  });
}

}  // namespace
