// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// Sessions of several nodes, and what concerns all of them: broadcast, stealing.
namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;
using tests::status_on_nodes;

int rank_of_process() {
  for (const char* name : {"PMI_RANK", "OMPI_COMM_WORLD_RANK"}) {
    if (const char* value = std::getenv(name); value != nullptr) return std::atoi(value);
  }
  return 0;
}

TEST(session, of_nodes_with_different_numbers_of_workers) {
  const int rank = rank_of_process();
  on_nodes({.workers = rank + 1}, [] {
    const int nodes = torc::num_nodes();
    EXPECT_EQ(torc::num_workers(), nodes * (nodes + 1) / 2);
    std::set<int> seen;
    for (int worker = 0; worker < torc::num_workers(); ++worker) {
      seen.insert(torc::submit({.worker = worker, .pinned = true}, [] { return torc::worker_id(); }).result());
    }
    EXPECT_EQ(static_cast<int>(seen.size()), torc::num_workers());
    const int last = torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, [] {
                       return torc::num_local_workers();
                     }).result();
    EXPECT_EQ(last, nodes);
    EXPECT_THROW(torc::submit({.worker = torc::num_workers()}, [] {}), std::out_of_range);
    // A task of many cores goes to a node that has them.
    EXPECT_EQ(torc::submit({.cores = nodes}, [] { return torc::node_id(); }).result(), nodes - 1);
    EXPECT_THROW(torc::submit({.cores = nodes + 1}, [] {}), std::out_of_range);
  });
}

TEST(session, can_be_opened_again_and_again) {
  for (int i = 0; i < 5; ++i) {
    torc::session session(torc::options{.workers = 1 + i % 2, .stealing = i % 2 == 0, .stats = 0});
    if (torc::launch()) {
      int sum = 0;
      for (const int x : torc::map([](int y) { return y; }, std::vector<int>{1, 2, 3})) sum += x;
      EXPECT_EQ(sum, 6);
    }
  }
}

/// What rings for a sleeping node is as it was before the first session. A node sleeps for twice as long each time: one
/// that has had nothing to do for a second would not look by itself for half a second more.
TEST(session, of_any_number_wakes_idle_nodes_by_messages) {
  using namespace std::chrono_literals;
  static double shortest_seconds;
  shortest_seconds = 30;
  for (int i = 0; i < 3; ++i) {
    on_nodes({.workers = 1, .server_yieldtime = 30s, .worker_yieldtime = 30s}, [i] {
      const int last = torc::num_workers() - 1;
      // The other node is in the middle of looking for messages when the first session ends.
      for (int j = 0; j < 200; ++j) torc::submit({.worker = last, .pinned = true}, [] {}).result();
      if (i == 0) return;
      std::this_thread::sleep_for(1s);
      const double start = torc::gettime();
      torc::submit({.worker = last, .pinned = true}, [] {}).result();
      shortest_seconds = std::min(shortest_seconds, torc::gettime() - start);
    });
  }
  if (rank_of_process() != 0) return;
  EXPECT_LT(shortest_seconds, 0.3);
}

TEST(session, may_launch_more_than_one_main) {
  torc::init(torc::options{.stats = 0});
  EXPECT_EQ(torc::launch([] { torc::submit([] {}); }), 0);
  EXPECT_EQ(torc::launch([] { return torc::submit([] { return 0; }).result(); }), 0);
  EXPECT_EQ(torc::shutdown(), 0);
}

TEST(session, says_of_an_empty_future_that_main_ran_elsewhere_only_once_it_is_over) {
  torc::init(torc::options{.stats = 0});
  for (int i = 0; i < 2; ++i) {
    torc::launch([] {
      const int last = torc::num_workers() - 1;
      const auto told = torc::submit({.worker = last, .pinned = true}, []() -> std::string {
        try {
          torc::future<int>().result();
        } catch (const torc::error& e) {
          return e.what();
        }
        return {};
      });
      EXPECT_EQ(told.result(), "result: the future is empty: it was default-constructed or moved from");
    });
  }
  torc::shutdown();
}

TEST(session, refuses_what_nodes_disagree_on) {
  const int rank = rank_of_process();
  if (std::getenv("MPI_TEST_RANKS") == nullptr || std::atoi(std::getenv("MPI_TEST_RANKS")) == 1)
    GTEST_SKIP() << "one rank agrees with itself";
  const auto message = [](const torc::options& given) -> std::string {
    try {
      torc::init(given);
    } catch (const torc::config_error& e) {
      return e.what();
    }
    torc::shutdown();
    return "nothing was thrown";
  };
  EXPECT_EQ(message({.seed = rank == 1 ? 5U : 0U}),
            "TORC_SEED must be the same on all nodes, but is 0 on node 0 and 5 on node 1");
  EXPECT_EQ(message({.stealing = rank == 1}),
            "TORC_STEALING must be the same on all nodes, but is false on node 0 and true on node 1");
  const std::string zero = message({.workers = rank == 1 ? 0 : 1});
  EXPECT_EQ(zero.rfind("node 1: torc::options::workers = 0 is refused", 0), 0U) << zero;
}

TEST(broadcast, gives_every_node_the_value_once) {
  on_all_kinds_of_nodes([] {
    for (const std::size_t size : {10U, 100'000U}) {
      std::vector<double> data(size);
      std::iota(data.begin(), data.end(), 0.0);
      const double sum = std::accumulate(data.begin(), data.end(), 0.0);
      const auto handle = torc::broadcast(data);
      EXPECT_EQ(&handle.get(), &*handle);
      const auto sums = torc::map(
          [](const torc::broadcast_handle<std::vector<double>>& values) {
            return std::accumulate(values->begin(), values->end(), 0.0);
          },
          std::vector(50, handle));
      for (const double s : sums) EXPECT_EQ(s, sum);
    }
    // From any node.
    const auto text = torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, [] {
                        const auto handle = torc::broadcast(std::string("from far"));
                        return torc::submit(
                                   {.worker = 0, .pinned = true},
                                   [](const torc::broadcast_handle<std::string>& h) { return h.get(); }, handle)
                            .result();
                      }).result();
    EXPECT_EQ(text, "from far");
  });
}

TEST(broadcast, of_a_value_that_is_gone_says_so) {
  on_nodes({}, [] {
    torc::broadcast_handle<int> empty;
    EXPECT_THROW(empty.get(), torc::error);
    const auto gone =
        torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, [] { return torc::broadcast(5); }).result();
    // The only handle on the node that made it went with its task.
    if (torc::num_nodes() > 1) {
      EXPECT_THROW(gone.get(), torc::error);
    }
  });
}

TEST(broadcast, of_an_earlier_primary_task_is_refused_wherever_its_handle_comes) {
  torc::init({.stats = 0});
  torc::broadcast_handle<std::string> old;
  torc::launch([&] { old = torc::broadcast(std::string("old")); });
  torc::launch([&] {
    const auto its_number = torc::broadcast(5);  // has the number that the old one had
    const auto read = [](const torc::broadcast_handle<std::string>& handle) {
      try {
        return *handle;
      } catch (const torc::error& e) {
        return std::string(e.what());
      }
    };
    EXPECT_EQ(torc::submit({.worker = 0, .pinned = true}, read, old).result(), "old") << "the value is still here";
    if (torc::num_nodes() == 1) return;
    EXPECT_EQ(torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, read, old).result(),
              "broadcast: the handle belongs to a session that has ended: broadcast the value again in this one");
  });
  torc::shutdown();
}

/// Fails to be written, or to be read, when it is told to.
struct troubled {
  int trouble = 0;
  template <class Archive>
  void save(Archive& archive) const {
    if (trouble == 1) throw std::domain_error("not written");
    archive(trouble);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(trouble);
    if (trouble == 2) throw std::domain_error("not read");
  }
};

TEST(broadcast, of_a_value_that_cannot_be_written_or_read_is_a_serialization_error) {
  on_nodes({}, [] {
    if (torc::num_nodes() == 1) return;  // nothing is written
    try {
      torc::broadcast(troubled{1});
      ADD_FAILURE() << "nothing was thrown";
    } catch (const torc::serialization_error& e) {
      EXPECT_STREQ(e.what(), "a broadcast value cannot be written: not written");
    }
    const auto handle = torc::broadcast(troubled{2});
    const auto read = torc::submit(
        {.worker = torc::num_workers() - 1, .pinned = true},
        [](const torc::broadcast_handle<troubled>& h) { return h->trouble; }, handle);
    try {
      read.result();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const torc::serialization_error& e) {
      EXPECT_STREQ(e.what(), "a broadcast value cannot be read: not read");
    }
  });
}

TEST(stealing, gives_every_node_a_share_of_tasks_placed_on_one) {
  on_nodes({.workers = 1, .stealing = true}, [] {
    std::vector<torc::future<int()>> futures;
    for (int i = 0; i < 80; ++i) {
      futures.push_back(torc::submit({.worker = torc::num_workers() - 1}, [] {
        tests::sleep_ms(5);
        return torc::node_id();
      }));
    }
    std::set<int> nodes;
    for (auto& f : futures) nodes.insert(f.result());
    EXPECT_EQ(static_cast<int>(nodes.size()), torc::num_nodes());
  });
}

TEST(stealing, is_switched_on_for_what_is_queued_already_and_never_moves_pinned_tasks) {
  on_nodes({.workers = 1}, [] {
    const int last = torc::num_workers() - 1;
    std::vector<torc::future<int()>> pinned;
    std::vector<torc::future<int()>> free;
    const auto body = [] {
      tests::sleep_ms(5);
      return torc::node_id();
    };
    for (int i = 0; i < 40; ++i) free.push_back(torc::submit({.worker = last}, body));
    for (int i = 0; i < 10; ++i) pinned.push_back(torc::submit({.worker = last, .pinned = true}, body));
    torc::enable_stealing();
    torc::wait();
    torc::disable_stealing();
    std::set<int> nodes;
    for (auto& f : free) nodes.insert(f.result());
    EXPECT_EQ(static_cast<int>(nodes.size()), torc::num_nodes());
    for (auto& f : pinned) EXPECT_EQ(f.result(), torc::num_nodes() - 1);
    // Off again: what is placed stays.
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(torc::submit({.worker = last}, [] { return torc::node_id(); }).result(), last);
  });
}

TEST(stealing, balances_nested_tasks_that_stay_at_home) {
  on_nodes({.workers = 1, .stealing = true}, [] {
    const auto nodes = torc::submit({.worker = 0, .pinned = true}, [] {
                         std::vector<torc::future<int()>> futures;
                         for (int i = 0; i < 60; ++i) {
                           futures.push_back(torc::submit([] {
                             tests::sleep_ms(5);
                             return torc::node_id();
                           }));
                         }
                         std::vector<int> found;
                         for (auto& f : futures) found.push_back(f.result());
                         return found;
                       }).result();
    EXPECT_EQ(static_cast<int>(std::set<int>(nodes.begin(), nodes.end()).size()), torc::num_nodes());
  });
}

TEST(limits, count_tasks_of_their_node_wherever_they_run) {
  on_nodes({.workers = 2}, [] {
    torc::set_limit("licence", 1);
    static std::atomic<int> running{0};
    std::vector<torc::future<int()>> futures;
    for (int i = 0; i < 20; ++i) {
      futures.push_back(torc::submit({.limit = "licence"}, [] {
        const int others = running++;
        tests::sleep_ms(1);
        --running;
        return others;
      }));
    }
    for (auto& f : futures) EXPECT_EQ(f.result(), 0);
  });
}

TEST(threads_of_the_application, may_submit_on_any_node) {
  torc::init(torc::options{.workers = 1, .stats = 0});
  std::thread outside;
  std::atomic<int> got{0};
  if (rank_of_process() != 0) {
    outside = std::thread([&] {
      // The session runs once launch has made the scheduler.
      for (;;) {
        try {
          got = torc::submit([](int x) { return 2 * x; }, 21).result();
          return;
        } catch (const torc::error&) {
          std::this_thread::yield();
        }
      }
    });
  }
  torc::launch([&] {
    torc::spmd([] {});
    tests::sleep_ms(200);
  });
  if (outside.joinable()) {
    outside.join();
    EXPECT_EQ(got, 42);
  }
  EXPECT_EQ(torc::shutdown(), 0);
}

TEST(waiting, in_a_callback_works_across_nodes) {
  on_all_kinds_of_nodes([] {
    std::atomic<int> sum{0};
    for (int i = 0; i < 10; ++i) {
      torc::submit([](int x) { return x; }, i).add_done_callback([&](const torc::future<int>& f) {
        auto more = torc::submit([](int x) { return 10 * x; }, f.result());
        torc::wait();
        sum += more.result();
      });
    }
    torc::wait();
    EXPECT_EQ(sum, 450);
  });
}

TEST(shutdown, waits_for_tasks_outstanding_on_all_nodes) {
  for (const bool stealing : {false, true}) {
    EXPECT_EQ(status_on_nodes({.workers = 1, .stealing = stealing},
                              [] {
                                for (int i = 0; i < 20; ++i) {
                                  torc::submit([] {
                                    for (int k = 0; k < 5; ++k) torc::submit([] { tests::sleep_ms(1); });
                                  });
                                }
                              }),
              0);
  }
}

}  // namespace
