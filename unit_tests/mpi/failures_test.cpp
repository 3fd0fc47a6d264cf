// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <ranges>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// What goes wrong on another node, and how its home hears of it.
namespace {

using tests::on_nodes;
using tests::status_on_nodes;

torc::task_options on_last() { return {.worker = torc::num_workers() - 1, .pinned = true, .name = "far"}; }

struct moody {
  int value = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(value);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(value);
    if (value == 13) throw std::runtime_error("an unlucky number");
  }
};

struct unwritable {
  template <class Archive>
  void save(Archive&) const {
    throw std::length_error("too much to write");
  }
  template <class Archive>
  void load(Archive&) {}
};

class unheard_of : public std::exception {
 public:
  const char* what() const noexcept override { return "never seen before"; }
};

TEST(failures, of_standard_types_keep_them_and_tell_where_they_come_from) {
  on_nodes({}, [] {
    const auto f = torc::submit(
        on_last(), [](int x) -> int { throw std::out_of_range("no " + std::to_string(x)); }, 7);
    try {
      f.result();
      FAIL() << "nothing was thrown";
    } catch (const std::out_of_range& e) {
      EXPECT_STREQ(e.what(), "no 7");
      if (torc::num_nodes() > 1) {
        const auto* remote = dynamic_cast<const torc::remote_failure*>(&e);
        ASSERT_NE(remote, nullptr);
        EXPECT_EQ(remote->node(), torc::num_nodes() - 1);
        EXPECT_EQ(remote->task_name(), "far");
        EXPECT_EQ(remote->place(),
                  "on node " + std::to_string(remote->node()) + ", worker " + std::to_string(torc::num_workers() - 1));
      }
    }
  });
}

TEST(failures, of_a_map_tell_the_element_from_wherever_it_was) {
  on_nodes({}, [] {
    const auto body = [](int i) {
      if (i >= 6) throw std::out_of_range("no");
    };
    try {
      torc::map({.worker = torc::num_workers() - 1, .pinned = true, .retries = 1}, body, std::views::iota(0, 8));
      FAIL() << "nothing was thrown";
    } catch (const std::out_of_range& e) {
      if (const auto* const remote = dynamic_cast<const torc::remote_failure*>(&e); remote != nullptr) {
        EXPECT_EQ(remote->place().find("at element 6 of its map, which is 6, in attempt 2, on node "), 0U)
            << remote->place();
      } else {
        EXPECT_EQ(torc::num_nodes(), 1);
      }
    }
  });
}

TEST(failures, that_a_map_keeps_tell_each_element_from_wherever_it_was) {
  on_nodes({}, [] {
    const auto body = [](int i) {
      if (i % 2 == 1) throw std::out_of_range("no");
    };
    const int last = torc::num_workers() - 1;
    const auto results = torc::map({.chunksize = 4, .worker = last, .pinned = true, .retries = 1}, torc::as_expected,
                                   body, std::views::iota(0, 8));
    ASSERT_EQ(results.size(), 8U);
    for (int i = 1; i < 8; i += 2) {
      try {
        results[static_cast<std::size_t>(i)].value();
        FAIL() << "nothing was thrown";
      } catch (const std::out_of_range& e) {
        const auto* const remote = dynamic_cast<const torc::remote_failure*>(&e);
        if (torc::num_nodes() == 1) continue;
        ASSERT_NE(remote, nullptr);
        const std::string number = std::to_string(i);
        EXPECT_EQ(remote->place(), "at element " + number + " of its map, which is " + number +
                                       ", in attempt 2, on node " + std::to_string(torc::num_nodes() - 1) +
                                       ", worker " + std::to_string(last));
      }
    }
  });
}

TEST(failures, of_other_types_arrive_as_task_errors_that_say_all) {
  on_nodes({}, [] {
    const auto f = torc::submit(on_last(), []() -> int { throw unheard_of(); });
    if (torc::num_nodes() == 1) {
      EXPECT_THROW(f.result(), unheard_of);
      return;
    }
    try {
      f.result();
      FAIL() << "nothing was thrown";
    } catch (const torc::task_error& e) {
      const std::string text = e.what();
      EXPECT_NE(text.find("unheard_of"), std::string::npos) << text;
      EXPECT_NE(text.find("never seen before"), std::string::npos) << text;
      EXPECT_NE(text.find("far"), std::string::npos) << text;
    }
  });
}

TEST(failures, of_decoding_arguments_are_the_task_s) {
  on_nodes({}, [] {
    const auto good = torc::submit(
        on_last(), [](const moody& m) { return m.value; }, moody{12});
    EXPECT_EQ(good.result(), 12);
    const auto bad = torc::submit(
        on_last(), [](const moody& m) { return m.value; }, moody{13});
    if (torc::num_nodes() == 1) {
      EXPECT_EQ(bad.result(), 13);  // nothing is encoded
    } else {
      EXPECT_THROW(bad.result(), torc::serialization_error);
    }
  });
}

TEST(failures, of_encoding_arguments_and_results_are_the_task_s) {
  on_nodes({}, [] {
    const auto argument = torc::submit(
        on_last(), [](const unwritable&) { return 1; }, unwritable{});
    const auto result = torc::submit(on_last(), [] { return unwritable{}; });
    if (torc::num_nodes() == 1) {
      EXPECT_EQ(argument.result(), 1);
      result.result();
    } else {
      EXPECT_ANY_THROW(argument.result());
      EXPECT_THROW(result.result(), torc::serialization_error);
    }
  });
}

TEST(failures, travel_on_with_their_first_origin) {
  on_nodes({}, [] {
    const auto f = torc::submit(on_last(), [] {
      return torc::submit({.worker = 0, .pinned = true, .name = "deep"},
                          []() -> int { throw std::domain_error("at the bottom"); })
          .result();
    });
    try {
      f.result();
      FAIL() << "nothing was thrown";
    } catch (const std::domain_error& e) {
      EXPECT_STREQ(e.what(), "at the bottom");
      if (torc::num_nodes() > 1) {
        const auto* remote = dynamic_cast<const torc::remote_failure*>(&e);
        ASSERT_NE(remote, nullptr);
        EXPECT_EQ(remote->node(), 0);
        EXPECT_EQ(remote->task_name(), "deep");
      }
    }
  });
}

TEST(failures, that_nobody_looked_at_make_the_status_1_everywhere) {
  EXPECT_EQ(
      status_on_nodes({}, [] { torc::submit(on_last(), [] { throw std::runtime_error("unseen, as it should be"); }); }),
      1);
  // Of a task below one on another node too.
  EXPECT_EQ(status_on_nodes({},
                            [] {
                              torc::submit(on_last(), [] {
                                torc::submit(on_last(), [] { throw std::runtime_error("unseen below"); });
                              });
                            }),
            1);
  EXPECT_EQ(status_on_nodes({},
                            [] {
                              const auto f = torc::submit(on_last(), [] { throw std::runtime_error("seen"); });
                              EXPECT_NE(f.exception(), nullptr);
                            }),
            0);
}

TEST(failures, of_the_primary_task_end_all_nodes) {
  EXPECT_EQ(status_on_nodes({.stealing = true},
                            [] {
                              for (int i = 0; i < 1000; ++i) torc::submit([] { tests::sleep_ms(1); });
                              throw std::runtime_error("main has had enough");
                            }),
            1);
  EXPECT_EQ(status_on_nodes({}, [] { return 42; }), 42);
}

TEST(retries, run_the_body_again_where_it_was) {
  on_nodes({}, [] {
    auto options = on_last();
    options.retries = 3;
    const auto f = torc::submit(
        options,
        [](int limit) {
          static int tries = 0;
          if (++tries < limit) throw std::runtime_error("not yet");
          return std::exchange(tries, 0);
        },
        3);
    EXPECT_EQ(f.result(), 3);
  });
}

TEST(timeouts, end_the_future_while_the_body_goes_on_elsewhere) {
  on_nodes({}, [] {
    auto options = on_last();
    options.timeout = std::chrono::milliseconds(20);
    const auto f = torc::submit(options, [] {
      while (!torc::stop_requested()) tests::sleep_ms(1);
      tests::sleep_ms(300);
      return 1;
    });
    const double before = torc::gettime();
    if (torc::num_workers() > 1) {
      EXPECT_THROW(f.result(), torc::timeout_error);
      EXPECT_LT(torc::gettime() - before, 0.25) << "the body was waited for";
    } else {
      EXPECT_THROW(f.result(), torc::timeout_error);
    }
  });
}

TEST(cancel, reaches_tasks_wherever_they_are) {
  for (const bool stealing : {false, true}) {
    on_nodes({.workers = 1, .stealing = stealing}, [] {
      const int last = torc::num_workers() - 1;
      // Its worker is busy, so all behind it are queued there, or stolen and queued or running elsewhere.
      const auto blocker = torc::submit({.worker = last, .pinned = true}, [] { tests::sleep_ms(100); });
      std::vector<torc::future<int(int)>> futures;
      for (int i = 0; i < 40; ++i) {
        futures.push_back(torc::submit(
            {.worker = last},
            [](int x) {
              tests::sleep_ms(2);
              return x;
            },
            i));
      }
      int cancelled = 0;
      for (auto& f : futures) cancelled += f.cancel() ? 1 : 0;
      torc::wait();
      int ended = 0;
      for (int i = 0; i < 40; ++i) {
        auto& f = futures[static_cast<std::size_t>(i)];
        ASSERT_TRUE(f.done());
        if (f.cancelled()) {
          ++ended;
          EXPECT_THROW(f.result(), torc::cancelled_error);
        } else {
          EXPECT_EQ(f.result(), i);
        }
      }
      EXPECT_EQ(ended, cancelled);
      EXPECT_GT(cancelled, 0);
    });
  }
}

}  // namespace
