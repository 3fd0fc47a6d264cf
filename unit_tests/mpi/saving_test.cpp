// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// Values whose save and load do what users' code may do: block, submit, wait. Only what they belong to may suffer.
namespace {

using testing::HasSubstr;
using tests::on_nodes;

torc::task_options far_away() { return {.worker = torc::num_workers() - 1, .pinned = true}; }

std::string message_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const torc::serialization_error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

/// A door between a save or load that blocks its thread and the test that goes on meanwhile; of this process.
struct door {
  std::atomic<int> waiting{0};
  std::atomic<bool> is_open{false};
  void pass() {
    ++waiting;
    while (!is_open.load()) std::this_thread::yield();
  }
  void wait_for_somebody() const {
    while (waiting.load() == 0) std::this_thread::yield();
  }
  void reset() {
    waiting = 0;
    is_open = false;
  }
};
door save_door;
door load_door;

/// Stops at a door of the node that it is told.
struct stopping {
  int at_save = -1;
  int at_load = -1;
  template <class Archive>
  void save(Archive& archive) const {
    if (torc::node_id() == at_save) save_door.pass();
    archive(at_save, at_load);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(at_save, at_load);
    if (torc::node_id() == at_load) load_door.pass();
  }
};

void expect_that_all_else_goes_on() {
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(torc::submit(
                  far_away(), [](int x) { return x + 1; }, i)
                  .result(),
              i + 1);
    EXPECT_EQ(torc::submit(
                  {.worker = 0}, [](int x) { return x + 2; }, i)
                  .result(),
              i + 2);
  }
}

TEST(saving, that_blocks_delays_only_the_task_that_submits) {
  save_door.reset();
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    const auto blocked =
        torc::submit({.worker = 1, .pinned = true}, torc::local([] {
                       return torc::submit(
                                  far_away(), [](const stopping& s) { return s.at_save; }, stopping{0, -1})
                           .result();
                     }));
    save_door.wait_for_somebody();
    expect_that_all_else_goes_on();
    save_door.is_open = true;
    EXPECT_EQ(blocked.result(), 0);
  });
}

TEST(loading, that_blocks_delays_only_who_asks) {
  load_door.reset();
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    const auto blocked =
        torc::submit({.worker = 1, .pinned = true}, torc::local([] {
                       return torc::submit(far_away(), [] { return stopping{-1, 0}; }).result().at_load;
                     }));
    load_door.wait_for_somebody();
    expect_that_all_else_goes_on();
    load_door.is_open = true;
    EXPECT_EQ(blocked.result(), 0);
  });
}

TEST(saving, of_a_stolen_task_that_blocks_delays_only_that) {
  save_door.reset();
  on_nodes({.workers = 1, .stealing = true}, [] {
    if (torc::num_nodes() == 1) return;
    // It keeps the worker from what thieves are to take.
    const auto busy = torc::submit({.worker = 0, .pinned = true}, torc::local([] { save_door.wait_for_somebody(); }));
    std::vector<torc::future<int>> queued;
    for (int i = 0; i < 16; ++i)
      queued.push_back(torc::submit(
          {.worker = 0}, [](const stopping& s) { return s.at_save; }, stopping{0, -1}));
    busy.result();
    expect_that_all_else_goes_on();
    save_door.is_open = true;
    for (const auto& f : queued) EXPECT_EQ(f.result(), 0);
  });
}

/// Counts where it is loaded.
struct counts_loads {
  static inline std::atomic<int> loads{0};
  int value = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(value);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(value);
    ++loads;
  }
};

TEST(loading, of_a_result_is_done_once_by_the_first_that_asks_and_never_if_nobody_does) {
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    counts_loads::loads = 0;
    const auto result = torc::submit(far_away(), [] { return counts_loads{5}; });
    torc::submit(far_away(), [] { return counts_loads{6}; });
    torc::wait();
    EXPECT_TRUE(result.done());
    EXPECT_EQ(counts_loads::loads, 0);
    std::vector<torc::future<int>> askers;
    for (int i = 0; i < 20; ++i)
      askers.push_back(torc::submit(torc::local([result] { return result.result().value; })));
    for (const auto& asker : askers) EXPECT_EQ(asker.result(), 5);
    EXPECT_EQ(result.exception(), nullptr);
    EXPECT_EQ(counts_loads::loads, 1);
  });
}

TEST(loading, of_a_result_is_waited_for_by_those_who_ask_meanwhile) {
  load_door.reset();
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    const auto result = torc::submit(far_away(), [] { return stopping{-1, 0}; });
    torc::wait(std::vector{torc::future<stopping>(result)});
    const auto first =
        torc::submit({.worker = 1, .pinned = true}, torc::local([result] { return result.result().at_load; }));
    load_door.wait_for_somebody();
    std::vector<torc::future<int>> others;
    for (int i = 0; i < 10; ++i)
      others.push_back(
          torc::submit({.worker = 0, .pinned = true}, torc::local([result] { return result.result().at_load; })));
    // All of them have asked and none holds this worker.
    torc::submit({.worker = 0, .pinned = true}, torc::local([] {})).result();
    for (const auto& other : others) EXPECT_FALSE(other.done());
    load_door.is_open = true;
    for (const auto& other : others) EXPECT_EQ(other.result(), 0);
    EXPECT_EQ(first.result(), 0);
    EXPECT_EQ(load_door.waiting, 1);
  });
}

enum class sin { none, submits, waits, shuts_down };

/// Does in save or load what may not be done there.
struct sinner {
  sin at_save = sin::none;
  sin at_load = sin::none;
  template <class Archive>
  void save(Archive& archive) const {
    commit(at_save);
    archive(at_load);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(at_load);
    commit(at_load);
  }
  static void commit(sin what) {
    if (what == sin::submits) torc::submit([] {});
    if (what == sin::waits) torc::wait();
    if (what == sin::shuts_down) torc::shutdown();
  }
};

TEST(saving, and_loading_may_neither_submit_nor_wait) {
  for (const bool stealing : {false, true}) {
    on_nodes({.workers = 2, .stealing = stealing}, [] {
      if (torc::num_nodes() == 1) return;
      const std::string reason = "while a value is being written or read, as by its save or load, nothing may be";
      const auto take = [](const sinner&) {};
      for (const sin what : {sin::submits, sin::waits}) {
        EXPECT_THAT(message_of([&] {
                      torc::submit(far_away(), take, sinner{what, sin::none}).result();
                    }),
                    HasSubstr(reason));
        EXPECT_THAT(message_of([&] {
                      torc::submit(far_away(), take, sinner{sin::none, what}).result();
                    }),
                    HasSubstr(reason));
        EXPECT_THAT(message_of([&] {
                      torc::submit(
                          far_away(),
                          [](sin s) {
                            return sinner{s, sin::none};
                          },
                          what)
                          .result();
                    }),
                    HasSubstr(reason));
        const auto late = torc::submit(
            far_away(),
            [](sin s) {
              return sinner{sin::none, s};
            },
            what);
        EXPECT_THAT(message_of([&] { late.result(); }), HasSubstr(reason));
        EXPECT_NE(late.exception(), nullptr);
        EXPECT_TRUE(late.done());
        EXPECT_THAT(message_of([&] { torc::broadcast(sinner{what, sin::none}); }), HasSubstr(reason));
        const auto handle = torc::broadcast(sinner{sin::none, what});
        EXPECT_THAT(message_of([&] {
                      torc::submit(
                          far_away(), [](const torc::broadcast_handle<sinner>& h) { h.get(); }, handle)
                          .result();
                    }),
                    HasSubstr(reason));
      }
      // The node goes on, and what is submitted from a task's own code is as before.
      expect_that_all_else_goes_on();
    });
  }
}

TEST(saving, may_not_end_the_session) {
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    EXPECT_THAT(message_of([&] {
                  torc::submit(
                      far_away(), [](const sinner&) {}, sinner{sin::shuts_down, sin::none})
                      .result();
                }),
                HasSubstr("while a value is being written or read, as by its save or load, nothing may be"));
    expect_that_all_else_goes_on();
  });
}

TEST(loading, that_has_failed_is_a_failure_for_who_waits_for_one) {
  load_door.reset();
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    const torc::future<sinner> bad = torc::submit(far_away(), [] { return sinner{sin::none, sin::waits}; });
    EXPECT_NE(bad.exception(), nullptr);
    const torc::future<sinner> pending = torc::submit({.worker = 1, .pinned = true}, torc::local([] {
                                                        load_door.pass();
                                                        return sinner{};
                                                      }));
    const auto waited = torc::wait(std::vector{pending, bad}, torc::first_exception);
    EXPECT_EQ(waited.not_done, std::vector{pending});
    load_door.is_open = true;
    EXPECT_EQ(pending.exception(), nullptr);
  });
}

#ifdef __GLIBC__
/// Throws when much of it has been written.
struct large_sinner {
  static constexpr std::size_t num_bytes = std::size_t{64} << 20U;
  template <class Archive>
  void save(Archive& archive) const {
    archive(std::vector<char>(num_bytes));
    throw std::runtime_error("no more");
  }
  template <class Archive>
  void load(Archive& /*archive*/) {}
};

TEST(saving, that_fails_leaves_no_bytes_behind) {
  on_nodes({}, [] {
    if (torc::num_nodes() == 1) return;
    const std::size_t before = ::mallinfo2().hblkhd;
    EXPECT_THAT(message_of([] {
                  torc::submit(
                      far_away(), [](const large_sinner&) {}, large_sinner{})
                      .result();
                }),
                HasSubstr("no more"));
    EXPECT_LT(::mallinfo2().hblkhd, before + large_sinner::num_bytes / 2);
  });
}
#endif

TEST(loading, of_results_of_a_map_is_its_callers) {
  on_nodes({.workers = 2}, [] {
    counts_loads::loads = 0;
    std::vector<int> input(200);
    for (int i = 0; i < 200; ++i) input[static_cast<std::size_t>(i)] = i;
    const auto output = torc::map([](int x) { return counts_loads{x}; }, input);
    ASSERT_EQ(output.size(), input.size());
    for (int i = 0; i < 200; ++i) EXPECT_EQ(output[static_cast<std::size_t>(i)].value, i);
    if (torc::num_nodes() > 1) {
      EXPECT_GT(counts_loads::loads, 0);
    }
    const auto read = [] {
      return torc::map(
          [](int x) {
            return sinner{sin::none, x == 7 ? sin::waits : sin::none};
          },
          std::vector{5, 6, 7, 7, 7, 7, 7, 7, 8});
    };
    if (torc::num_nodes() > 1) {
      EXPECT_THAT(message_of(read), HasSubstr("while a value is being written or read"));
    }
  });
}

}  // namespace
