// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <cstdint>
#include <torc/torc.hpp>

#include "core/runtime/current.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

/// What a node has for workers that it does not have.
namespace {

void nothing() {}

/// Of its node, when a body has submitted three tasks to its worker.
std::int64_t surplus_seen() {
  for (int i = 0; i < 3; ++i) torc::submit({.worker = torc::worker_id()}, nothing);
  const std::int64_t seen = torc::runtime::running_scheduler("surplus_seen").surplus();
  torc::wait();
  return seen;
}

TEST(surplus, is_none_where_bodies_hold_units_of_which_only_node_0_knows_how_many_are_left) {
  tests::on_nodes({.workers = 1}, [] {
    torc::set_limit("licence", 100);
    const std::int64_t beside_units = torc::num_nodes() > 1 ? 0 : 3;
    for (int worker = 0; worker < torc::num_workers(); ++worker) {
      EXPECT_EQ(torc::submit({.worker = worker, .pinned = true}, surplus_seen).result(), 3) << worker;
      EXPECT_EQ(torc::submit({.worker = worker, .pinned = true, .limit = "licence"}, surplus_seen).result(),
                beside_units)
          << worker;
    }
  });
}

}  // namespace
