// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;

TEST(spmd, runs_once_on_every_node_and_gives_values_in_their_order) {
  on_all_kinds_of_nodes([] {
    for (int round = 0; round < 20; ++round) {
      const auto values =
          torc::spmd([](int x) { return 1000 * x + 10 * torc::node_id() + torc::worker_local_id(); }, round);
      ASSERT_EQ(static_cast<int>(values.size()), torc::num_nodes());
      for (int node = 0; node < torc::num_nodes(); ++node)
        EXPECT_EQ(values[static_cast<std::size_t>(node)], 1000 * round + 10 * node);
    }
    torc::spmd([] {});
  });
}

/// What a library that is tied to the thread which initialised MPI meets there.
TEST(spmd, runs_on_the_first_thread_except_where_main_has_it) {
  for (const auto primary : {torc::primary_place::worker, torc::primary_place::thread}) {
    on_nodes({.workers = 2, .primary = primary}, [&] {
      const auto found = torc::spmd([] {
        int is_first = 0;
        MPI_Is_thread_main(&is_first);
        int sum = 0;
        const int one = 1;
        MPI_Allreduce(&one, &sum, 1, MPI_INT, MPI_SUM, torc::mpi_comm());
        return std::pair(is_first, sum);
      });
      for (std::size_t node = 0; node < found.size(); ++node) {
        EXPECT_EQ(found[node].first != 0, node > 0 || primary == torc::primary_place::worker) << "node " << node;
        EXPECT_EQ(found[node].second, torc::num_nodes());
      }
    });
  }
}

TEST(spmd, by_many_tasks_of_all_nodes_run_one_at_a_time) {
  on_all_kinds_of_nodes([] {
    static int running = 0;
    for (int i = 0; i < 4 * torc::num_nodes(); ++i) {
      torc::submit([] {
        const auto counts = torc::spmd([] {
          const int before = running++;
          tests::sleep_ms(1);
          --running;
          return before;
        });
        if (std::any_of(counts.begin(), counts.end(), [](int n) { return n != 0; }))
          throw std::logic_error("two spmds at a time on one node");
      });
    }
    torc::wait();
  });
}

TEST(spmd, while_other_tasks_run) {
  on_all_kinds_of_nodes([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 200; ++i) {
      futures.push_back(torc::submit(
          [](int x) {
            tests::sleep_ms(1);
            return x;
          },
          i));
    }
    const auto nodes = torc::spmd([] { return torc::node_id(); });
    for (int node = 0; node < torc::num_nodes(); ++node) EXPECT_EQ(nodes[static_cast<std::size_t>(node)], node);
    for (int i = 0; i < 200; ++i) EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i);
  });
}

TEST(spmd, rethrows_the_first_failure_in_node_order) {
  on_all_kinds_of_nodes([] {
    try {
      torc::spmd([] { throw std::domain_error("on " + std::to_string(torc::node_id())); });
      FAIL() << "nothing was thrown";
    } catch (const std::domain_error& e) {
      EXPECT_STREQ(e.what(), "on 0");
    }
    EXPECT_THROW(torc::spmd([] { torc::spmd([] {}); }), torc::error);
  });
}

}  // namespace
