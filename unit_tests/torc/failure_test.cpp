// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <new>
#include <ostream>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/error.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// What becomes of tasks that fail, and of programs that do.
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::on_1_2_and_4_workers;
using tests::session_status;
using tests::signal;

struct outcome {
  int status;
  std::string printed;
};

/// Status and standard error of a session.
outcome session_of(const torc::options& given, const std::function<void()>& body) {
  ::testing::internal::CaptureStderr();
  const int status = session_status(given, body);
  return {status, ::testing::internal::GetCapturedStderr()};
}

struct unprintable {};

struct breaks_off {
  friend std::ostream& operator<<(std::ostream&, const breaks_off&) { throw std::runtime_error("not now"); }
};

torc::future<int> failing(const std::string& text) {
  return torc::submit(
      {.name = "failing"}, [](const std::string& what) -> int { throw std::runtime_error(what); }, text);
}

TEST(failure, is_forgiven_by_whoever_looks_at_it) {
  const std::vector<std::pair<std::string, std::function<void()>>> looks{
      {"result", [] { EXPECT_THROW(failing("a").result(), std::runtime_error); }},
      {"exception", [] { EXPECT_NE(failing("b").exception(), nullptr); }},
      {"map",
       [] {
         EXPECT_THROW(torc::map([](int) { throw std::runtime_error("c"); }, std::vector{1, 2, 3}), std::runtime_error);
       }},
      {"spmd", [] { EXPECT_THROW(torc::spmd([] { throw std::runtime_error("d"); }), std::runtime_error); }},
      {"callback", [] { failing("e").add_done_callback([](const auto& f) { EXPECT_NE(f.exception(), nullptr); }); }},
      {"then", [] { EXPECT_THROW(failing("f").then([](int) {}).result(), std::runtime_error); }},
      {"when_all", [] { EXPECT_THROW(torc::when_all(failing("g")).result(), std::runtime_error); }},
      {"another copy",
       [] {
         const auto f = failing("h");
         const auto copy = f;
         EXPECT_NE(copy.exception(), nullptr);
       }},
      {"a thread",
       [] {
         const auto f = failing("i");
         torc::wait();
         std::thread([&] { EXPECT_NE(f.exception(), nullptr); }).join();
       }},
  };
  for (const int workers : {1, 2}) {
    for (const auto& [who, body] : looks) {
      const auto [status, printed] = session_of({.workers = workers}, body);
      EXPECT_EQ(status, 0) << who;
      EXPECT_EQ(printed, "") << who;
    }
  }
}

TEST(failure, that_nobody_looked_at_is_named_and_makes_the_status_1) {
  const std::vector<std::pair<std::string, std::function<void()>>> losses{
      {"dropped", [] { failing("lost"); }},
      {"waited for",
       [] {
         auto f = failing("lost");
         torc::wait();
         EXPECT_TRUE(f.done());
       }},
      {"listed", [] { torc::wait(std::vector{failing("lost")}); }},
      {"asked whether done",
       [] {
         auto f = failing("lost");
         while (!f.done()) torc::submit([] {}).result();
       }},
      {"in an executor",
       [] {
         torc::executor ex;
         ex.submit({.name = "failing"}, [] { throw std::runtime_error("lost"); });
       }},
      {"nested", [] { torc::submit([] { failing("lost"); }).result(); }},
  };
  for (const int workers : {1, 2}) {
    for (const auto& [how, body] : losses) {
      const auto [status, printed] = session_of({.workers = workers}, body);
      EXPECT_EQ(status, 1) << how;
      EXPECT_THAT(printed, AllOf(HasSubstr("TORC: "), HasSubstr("'failing'"), HasSubstr("std::runtime_error: lost")))
          << how;
    }
  }
}

TEST(failure, of_a_task_fails_no_parent_and_no_sibling) {
  on_1_2_and_4_workers([] {
    auto parent = torc::submit([] {
      auto child = failing("own");
      auto sibling = torc::submit([] { return 2; });
      torc::wait();
      return (child.exception() != nullptr ? 1 : 0) + sibling.result();
    });
    EXPECT_EQ(parent.result(), 3);
  });
}

TEST(failure, of_a_body_waits_for_the_children_that_it_leaves_behind) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ended{0};
    auto f = torc::submit(torc::local([&] {
      for (int i = 0; i < 100; ++i) torc::submit(torc::local([&] { ++ended; }));
      throw std::domain_error("leaves");
    }));
    EXPECT_THROW(f.result(), std::domain_error);
    EXPECT_EQ(ended, 100);
  });
}

TEST(failure, may_be_of_any_type_and_a_hundred_thousand_are_no_burden) {
  const auto [status, printed] = session_of({.workers = 2, .primary = torc::primary_place::worker}, [] {
    EXPECT_THROW(torc::submit([] { throw 1; }).result(), int);
    EXPECT_THROW(torc::submit([] { throw std::bad_alloc(); }).result(), std::bad_alloc);
    for (int i = 0; i < 100'000; ++i) EXPECT_NE(torc::submit([] { throw 2; }).exception(), nullptr);
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(printed, "");
}

TEST(failure, of_a_map_that_ends_the_program_says_which_element_it_was) {
  const auto [status, printed] = session_of({.workers = 2}, [] {
    const auto body = [](int i, const std::vector<double>& x) {
      if (i >= 5) throw std::domain_error("no root");
      return x[0];
    };
    const std::vector<std::vector<double>> points(9, std::vector<double>{0.5, 2});
    torc::map({.chunksize = 4, .retries = 2}, body, std::views::iota(0, 9), points);
  });
  EXPECT_EQ(status, 1);
  EXPECT_THAT(printed, HasSubstr("std::domain_error: no root (at element 5 of its map, which is 5, {0.5, 2}, in "
                                 "attempt 3, on node 0, worker "));
}

TEST(failure, that_nobody_looked_at_says_where_it_was) {
  const auto [status, printed] = session_of({.workers = 1}, [] {
    torc::submit({.name = "again", .retries = 1}, []() -> int { throw std::runtime_error("twice"); });
    torc::submit({.name = "once"}, []() -> int { throw std::runtime_error("once"); });
  });
  EXPECT_EQ(status, 1);
  EXPECT_THAT(printed, HasSubstr("std::runtime_error: twice (in attempt 2, on node 0, worker 0)\n"));
  EXPECT_THAT(printed, HasSubstr("std::runtime_error: once (on node 0, worker 0)\n"));
}

TEST(failure, tells_of_no_input_that_takes_more_than_a_line) {
  const auto printed_for = [](auto input) {
    return session_of(
               {.workers = 1},
               [&] { torc::map(torc::local([](const auto&) { throw std::runtime_error("x"); }), std::vector{input}); })
        .printed;
  };
  const std::string bare = "std::runtime_error: x (at element 0 of its map, on node 0, worker 0)";
  EXPECT_THAT(printed_for(unprintable{}), HasSubstr(bare));
  EXPECT_THAT(printed_for(breaks_off{}), HasSubstr(bare));
  EXPECT_THAT(printed_for(std::string("two\nlines")), HasSubstr(bare));
  EXPECT_THAT(printed_for(std::string(1000, 'a')), HasSubstr(bare));
  EXPECT_THAT(printed_for(std::string("a line")), HasSubstr("of its map, which is a line, on node 0"));
}

TEST(failure, of_the_primary_task_asks_begun_bodies_to_stop_and_cancels_the_others) {
  signal started;
  std::atomic<bool> was_asked{false};
  std::atomic<int> ran{0};
  std::vector<torc::future<void>> queued;
  const auto [status, printed] = session_of({.workers = 2, .primary = torc::primary_place::worker}, [&] {
    torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                   started.raise();
                   while (!torc::stop_requested()) std::this_thread::yield();
                   was_asked = true;
                 }));
    started.block();
    for (int i = 0; i < 10; ++i) {
      queued.push_back(torc::submit(torc::local([&] { ++ran; })));
      queued.push_back(torc::submit({.worker = i % 2, .pinned = true}, torc::local([&] { ++ran; })));
      queued.push_back(torc::submit({.priority = 1.0}, torc::local([&] { ++ran; })));
      queued.push_back(queued.back().then([&](const torc::future<void>&) { ++ran; }));
    }
    throw std::domain_error("the end");
  });
  EXPECT_EQ(status, 1);
  EXPECT_THAT(printed, AllOf(HasSubstr("TORC: the primary task failed"), HasSubstr("std::domain_error: the end")));
  EXPECT_THAT(printed, Not(HasSubstr("nobody looked")));
  EXPECT_TRUE(was_asked);
  EXPECT_EQ(ran, 0);
  for (const auto& f : queued) EXPECT_TRUE(f.cancelled());
}

TEST(failure, of_the_primary_task_wakes_tasks_that_wait_for_what_never_runs) {
  const auto [status, printed] = session_of({.workers = 2, .primary = torc::primary_place::worker}, [&] {
    signal waits;
    torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                   auto never = torc::submit({.worker = 0, .pinned = true}, torc::local([] {}));
                   waits.raise();
                   EXPECT_NE(never.exception(), nullptr);
                 }));
    waits.block();
    throw std::domain_error("the end");
  });
  EXPECT_EQ(status, 1);
}

TEST(failure, that_a_callback_does_not_ask_for_counts_as_unseen) {
  const outcome o = session_of({.workers = 1}, [] {
    failing("told only").add_done_callback([](const auto& f) { EXPECT_TRUE(f.done()); });
    failing("asked for").add_done_callback([](const auto& f) { EXPECT_NE(f.exception(), nullptr); });
  });
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.printed, AllOf(HasSubstr("told only"), Not(HasSubstr("asked for"))));
}

/// A chain of futures each of which holds the one before it: of continuations that never run, and of results.
TEST(failure, of_main_ends_chains_of_any_length) {
  const outcome o = session_of({.workers = 1}, [] {
    torc::future<int> end = torc::submit([] { return 0; });
    for (int i = 0; i < 300'000; ++i) end = end.then([](int x) { return x + 1; });
    throw std::runtime_error("no more");
  });
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.printed, HasSubstr("no more"));
}

struct linked {
  torc::future<linked> before;
};

TEST(failure, is_no_chain_of_results_that_is_dropped_at_once) {
  on_1_2_and_4_workers([] {
    torc::future<linked> end;
    for (int i = 0; i < 300'000; ++i) {
      end = torc::submit(torc::local([before = end] { return linked{before}; }));
      if (i % 1000 == 0) end.result();
    }
    end.result();
  });
}

}  // namespace
