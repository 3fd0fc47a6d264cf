// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <torc/rng.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Random numbers of tasks.
namespace {

using tests::in_session;
using tests::on_workers;
using tests::on_workers_with_main;

using numbers = std::vector<std::uint64_t>;

std::uint64_t draw() { return torc::task_rng()(); }

/// Draws, lets two children do so and draws again.
numbers tree(int depth) {
  numbers drawn{draw()};
  if (depth > 0) {
    auto left = torc::submit(tree, depth - 1);
    auto right = torc::submit(tree, depth - 1);
    torc::wait();
    for (const auto& f : {left, right}) drawn.insert(drawn.end(), f.result().begin(), f.result().end());
  }
  drawn.push_back(draw());
  return drawn;
}

/// Everything that can be a task, in an order that does not depend on who runs it.
numbers program(const torc::options& given, std::size_t chunksize) {
  numbers drawn;
  in_session(given, [&] {
    const auto append = [&](const numbers& more) { drawn.insert(drawn.end(), more.begin(), more.end()); };
    drawn.push_back(draw());
    append(torc::submit(tree, 6).result());
    append(torc::map(
        {.chunksize = chunksize}, [](int) { return draw() ^ torc::submit(draw).result(); }, std::views::iota(0, 50)));
    append(torc::spmd(draw));
    {
      torc::executor ex;
      auto f = ex.submit(tree, 2);
      append(f.result());
    }
    auto source = torc::submit(draw);
    std::uint64_t in_callback = 0;
    source.add_done_callback([&](const auto&) { in_callback = draw(); });
    auto continuation = source.then([](std::uint64_t) { return draw(); });
    auto both = torc::when_all(source, continuation);
    auto of_all = both.then([](const auto&) { return draw(); });
    torc::wait();
    append({source.result(), in_callback, continuation.result(), of_all.result()});
    auto with_retries = torc::submit({.retries = 2}, torc::local([tries = std::make_shared<int>(0)] {
                                       const auto value = draw() ^ torc::submit(draw).result();
                                       if (++*tries < 3) throw std::runtime_error("again");
                                       return value;
                                     }));
    drawn.push_back(with_retries.result());
    drawn.push_back(torc::rng("noise", 1, 2)());
    drawn.push_back(draw());
  });
  return drawn;
}

TEST(task_rng, values_depend_on_neither_workers_nor_chunks_nor_the_place_of_the_primary_task) {
  const numbers expected = program({.workers = 1}, 1);
  for (const int workers : {1, 2, 4}) {
    for (const std::size_t chunksize : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
      for (const auto primary : {torc::primary_place::worker, torc::primary_place::thread}) {
        EXPECT_EQ(program({.workers = workers, .primary = primary}, chunksize), expected)
            << workers << " workers, chunks of " << chunksize;
      }
    }
  }
}

TEST(task_rng, another_seed_gives_other_values_everywhere) {
  const numbers a = program({.workers = 1}, 1);
  const numbers b = program({.workers = 1, .seed = 1}, 1);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NE(a[i], b[i]) << i;
}

TEST(task_rng, no_two_tasks_draw_the_same) {
  numbers all = program({.workers = 2}, 1);
  std::map<std::uint64_t, int> count;
  for (const auto v : all) ++count[v];
  for (const auto& [value, times] : count) EXPECT_EQ(times, 1) << value;
}

TEST(task_rng, the_engine_of_a_task_continues_across_a_wait) {
  on_workers(2, [] {
    auto f = torc::submit({.worker = 0, .pinned = true}, [] {
      numbers drawn{draw()};
      torc::submit({.worker = 1, .pinned = true}, draw);
      torc::wait();
      drawn.push_back(draw());
      return drawn;
    });
    EXPECT_NE(f.result()[0], f.result()[1]);
    EXPECT_EQ(f.result().size(), 2U);
  });
}

TEST(task_rng, a_named_stream_is_the_same_in_every_task_and_follows_the_seed) {
  std::uint64_t with_seed_3 = 0;
  in_session({.workers = 2, .seed = 3}, [&] {
    const auto named = [] { return torc::rng("noise", 7)(); };
    with_seed_3 = named();
    EXPECT_EQ(torc::submit(named).result(), with_seed_3);
  });
  on_workers_with_main(1, [&] { EXPECT_NE(torc::rng("noise", 7)(), with_seed_3); });
}

}  // namespace
