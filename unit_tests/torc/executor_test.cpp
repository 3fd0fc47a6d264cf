// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/executor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;

TEST(executor, leaving_its_scope_waits_for_its_tasks) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> done;
    done = 0;
    {
      torc::executor ex;
      for (int i = 0; i < 100; ++i) ex.submit([](int) { ++done; }, i);
    }
    EXPECT_EQ(done, 100);
  });
}

TEST(executor, waits_for_its_own_tasks_only) {
  on_workers(2, [] {
    tests::signal go;
    auto stranger = torc::submit({.worker = 1, .pinned = true}, torc::local([&](int x) {
                                   go.block();
                                   return x;
                                 }),
                                 5);
    {
      torc::executor ex;
      for (int i = 0; i < 10; ++i) ex.submit({.worker = 0, .pinned = true}, tests::square, i);
    }
    EXPECT_FALSE(stranger.done());
    go.raise();
    EXPECT_EQ(stranger.result(), 5);
  });
}

TEST(executor, plain_wait_does_not_cover_its_tasks) {
  on_workers(2, [] {
    tests::signal go;
    torc::executor ex;
    auto held = ex.submit({.worker = 1, .pinned = true}, torc::local([&](int x) {
                            go.block();
                            return x;
                          }),
                          5);
    torc::submit({.worker = 0, .pinned = true}, tests::square, 2);
    torc::wait();
    EXPECT_FALSE(held.done());
    go.raise();
    EXPECT_EQ(held.result(), 5);
  });
}

TEST(executor, can_be_opened_again_and_inside_itself_and_in_tasks) {
  on_1_2_and_4_workers([] {
    for (int round = 0; round < 3; ++round) {
      torc::executor outer;
      torc::executor inner;
      EXPECT_EQ(outer.submit(tests::square, 3).result(), 9);
      EXPECT_EQ(
          inner
              .submit(
                  [](int x) {
                    torc::executor own;
                    return own.submit(tests::square, x).result() + own.map(tests::square, std::vector<int>{1, 2, 3})[2];
                  },
                  4)
              .result(),
          25);
    }
  });
}

TEST(executor, map_gives_results_in_order) {
  on_1_2_and_4_workers([] {
    torc::executor ex;
    EXPECT_EQ(ex.map(tests::square, std::vector<int>{1, 2, 3}), (std::vector<int>{1, 4, 9}));
    EXPECT_EQ(ex.map({.chunksize = 2}, tests::square, std::vector<int>{1, 2, 3}), (std::vector<int>{1, 4, 9}));
    const auto worker = [](int) { return torc::worker_id(); };
    const int last = torc::num_workers() - 1;
    EXPECT_EQ(ex.map({.worker = last, .pinned = true}, worker, std::vector<int>{1, 2}), (std::vector<int>{last, last}));
    EXPECT_EQ(ex.submit({.name = "named"}, tests::square, 5).result(), 25);
  });
}

TEST(executor, wait_ends_what_was_submitted_and_leaves_it_open) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> done;
    done = 0;
    torc::executor ex;
    for (int i = 0; i < 50; ++i) ex.submit([](int) { ++done; }, i);
    ex.wait();
    EXPECT_EQ(done, 50);
    EXPECT_EQ(ex.submit(tests::square, 6).result(), 36);
  });
}

TEST(executor, shutdown_without_waiting_leaves_the_waiting_to_the_task) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> done;
    done = 0;
    auto f = torc::submit(
        [](int) {
          torc::executor ex;
          for (int i = 0; i < 50; ++i) ex.submit([](int) { ++done; }, i);
          ex.shutdown(false);
          ex.shutdown();  // idempotent
          EXPECT_THROW(ex.submit(tests::square, 1), torc::error);
        },
        0);
    f.result();
    EXPECT_EQ(done, 50);
  });
}

TEST(executor, takes_tasks_of_other_threads) {
  on_workers(2, [] {
    torc::executor ex;
    int value = 0;
    std::thread other([&] { value = ex.submit(tests::square, 7).result(); });
    other.join();
    EXPECT_EQ(value, 49);
  });
}

TEST(executor, waits_while_an_exception_leaves_its_scope) {
  on_1_2_and_4_workers([] {
    std::atomic<int> done{0};
    const auto body = [&] {
      torc::executor ex;
      for (int i = 0; i < 20; ++i) ex.submit(torc::local([&] { ++done; }));
      throw std::domain_error("leaves");
    };
    EXPECT_THROW(body(), std::domain_error);
    EXPECT_EQ(done, 20);
  });
}

TEST(executor, a_task_of_it_that_waits_for_it_is_told_that_this_would_never_end) {
  on_workers_with_main(1, [] {
    torc::executor ex;
    ex.submit({.name = "own"}, torc::local([&] {
                EXPECT_EQ(tests::message_of<torc::error>([&] {
                            ex.wait();
                          }).find("task 'own' waits for its ancestor 'executor'"),
                          0U);
              }));
    torc::submit([] {}).result();
  });
}

TEST(executor, needs_a_session) { EXPECT_THROW(torc::executor(), torc::error); }

struct ending {
  int status;
  std::string printed;
};

template <class Body>
ending ending_of(Body&& body) {
  ::testing::internal::CaptureStderr();
  const int status = tests::session_status({.workers = 2}, body);
  return {status, ::testing::internal::GetCapturedStderr()};
}

TEST(executor, whose_last_owner_is_one_of_its_tasks_is_an_error) {
  for (const bool is_kept_by_main : {false, true}) {
    static std::atomic<int> done;
    done = 0;
    tests::signal go;
    const ending end = ending_of([&go, is_kept_by_main] {
      auto pool = std::make_shared<torc::executor>();
      torc::executor& own = *pool;
      own.submit({.worker = 1, .pinned = true}, torc::local([pool, &go] {
                   go.block();
                   ++done;
                 }));
      for (int i = 0; i < 10; ++i) own.submit({.worker = 1, .pinned = true}, torc::local([] { ++done; }));
      pool.reset();
      go.raise();
      if (is_kept_by_main) torc::submit({.worker = 1, .pinned = true}, [] {}).result();
    });
    EXPECT_EQ(end.status, 1);
    EXPECT_NE(end.printed.find("left where nothing can wait for its tasks"), std::string::npos) << end.printed;
    EXPECT_EQ(done, 11);
  }
}

TEST(executor, that_is_never_shut_down_loses_no_task) {
  static std::atomic<int> done;
  for (const bool is_of_main : {true, false}) {
    done = 0;
    torc::executor* leaked = nullptr;
    const ending end = ending_of([&] {
      const auto leak = [&leaked] {
        leaked = new torc::executor;
        for (int i = 0; i < 1000; ++i) leaked->submit([](int) { ++done; }, i);
      };
      if (is_of_main) {
        leak();
      } else {
        torc::submit(torc::local(leak)).result();  // completes after all that it has submitted
        EXPECT_EQ(done, 1000);
        EXPECT_THROW(leaked->submit(tests::square, 1), torc::error);
      }
    });
    EXPECT_EQ(end.status, 0) << end.printed;
    EXPECT_EQ(done, 1000);
    delete leaked;  // even after the session
  }
}

TEST(executor, of_a_thread_that_is_never_shut_down_loses_no_task) {
  static std::atomic<int> done;
  done = 0;
  torc::executor* leaked = nullptr;
  EXPECT_EQ(ending_of([&] {
              std::thread([&] {
                leaked = new torc::executor;
                for (int i = 0; i < 1000; ++i) leaked->submit([](int) { ++done; }, i);
              }).join();
            }).status,
            0);
  EXPECT_EQ(done, 1000);
  delete leaked;
}

TEST(executor, that_cannot_be_waited_for_is_still_open) {
  on_1_2_and_4_workers([] {
    torc::executor ex;
    std::atomic<int> refusals{0};
    auto inside = ex.submit(torc::local([&] {
      try {
        ex.shutdown();
      } catch (const torc::error&) {
        ++refusals;
      }
      try {
        ex.wait();
      } catch (const torc::error&) {
        ++refusals;
      }
      ex.submit(torc::local([&] { ++refusals; }));
    }));
    inside.result();
    ex.wait();
    EXPECT_EQ(refusals, 3);
  });
}

}  // namespace
