// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

#include "core/base/sanitizers.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

/// Limits of the whole job, and of each node.
namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;

/// When a body began and ended, and what it held; the clock is that of the host, which all ranks of a test share.
struct span_of_time {
  double begin = 0;
  double end = 0;
  int units = 0;
  int node = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(begin, end, units, node);
  }
};

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

span_of_time hold(int units) {
  span_of_time held{.begin = now(), .end = 0, .units = units, .node = torc::node_id()};
  torc::submit([] { return 1; }).result();  // keeps them while it waits
  held.end = now();
  return held;
}

/// The most units that were held at one moment.
int most_at_once(const std::vector<span_of_time>& all) {
  int most = 0;
  for (const span_of_time& moment : all) {
    int sum = 0;
    for (const span_of_time& other : all)
      sum += other.begin <= moment.begin && moment.begin < other.end ? other.units : 0;
    most = std::max(most, sum);
  }
  return most;
}

std::vector<span_of_time> run_with(const std::string& limit, int most_units, int worker) {
  std::vector<torc::future<span_of_time(int)>> futures;
  for (int i = 0; i < 60; ++i) {
    const int units = 1 + i % most_units;
    futures.push_back(
        torc::submit({.worker = worker < 0 ? -1 : i % torc::num_workers(), .limit = {limit, units}}, hold, units));
  }
  std::vector<span_of_time> result;
  for (const auto& f : futures) result.push_back(f.result());
  return result;
}

TEST(limits, hold_for_the_whole_job) {
  on_all_kinds_of_nodes([] {
    torc::set_limit("licence", 3);
    for (const int worker : {-1, 0}) EXPECT_LE(most_at_once(run_with("licence", 3, worker)), 3);
  });
}

TEST(limits, of_each_node_are_counted_there) {
  on_all_kinds_of_nodes([] {
    torc::set_limit("memory_gb", 4, torc::per_node);
    const auto all = run_with("memory_gb", 4, -1);
    for (int node = 0; node < torc::num_nodes(); ++node) {
      std::vector<span_of_time> here;
      std::copy_if(all.begin(), all.end(), std::back_inserter(here), [&](const auto& s) { return s.node == node; });
      EXPECT_LE(most_at_once(here), 4);
    }
  });
}

TEST(limits, are_known_wherever_a_task_goes_once_they_are_set) {
  on_all_kinds_of_nodes([] {
    for (int round = 0; round < 20; ++round) {
      const std::string name = "limit " + std::to_string(round);
      const auto use = [](const std::string& limit) {
        return torc::submit(
                   {.limit = limit}, [](int x) { return x; }, 1)
            .result();
      };
      torc::set_limit(name, 2);
      std::vector<torc::future<int>> futures;
      for (int w = 0; w < torc::num_workers(); ++w)
        futures.push_back(torc::submit({.worker = w, .pinned = true}, use, name));
      // Set by another node, used by all.
      const auto set_elsewhere = [](const std::string& limit) { torc::set_limit(limit, 1); };
      torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, set_elsewhere, name + "b").result();
      for (int w = 0; w < torc::num_workers(); ++w)
        futures.push_back(torc::submit({.worker = w, .pinned = true}, use, name + "b"));
      for (auto& f : futures) ASSERT_EQ(f.result(), 1);
    }
  });
}

TEST(limits, get_the_units_of_cancelled_tasks_back) {
  on_all_kinds_of_nodes([] {
    torc::set_limit("licence", 1);
    const torc::task_options there{.worker = torc::num_workers() - 1, .limit = "licence"};
    for (int round = 0; round < 50; ++round) {
      std::vector<torc::future<span_of_time(int)>> futures;
      for (int i = 0; i < 8; ++i) futures.push_back(torc::submit(there, hold, 1));
      for (std::size_t i = 1; i < 8; i += 2) futures[i].cancel();
      for (std::size_t i = 0; i < 8; i += 2) ASSERT_EQ(futures[i].result(std::chrono::seconds(30)).units, 1);
      if (round % 2 == 0) torc::wait();
    }
  });
}

TEST(limits, nobody_is_passed_for_ever) {
  on_nodes({.workers = 2}, [] {
    torc::set_limit("licence", 6);
    std::vector<torc::future<span_of_time(int)>> futures;
    for (int i = 0; i < 100; ++i) {
      const int units = i == 50 ? 6 : 1;
      futures.push_back(torc::submit({.limit = {"licence", units}}, hold, units));
    }
    std::vector<span_of_time> all;
    for (const auto& f : futures) all.push_back(f.result());
    EXPECT_LE(most_at_once(all), 6);
  });
}

TEST(limits, are_refused_below_tasks_that_hold_them_on_other_nodes) {
  on_nodes({}, [] {
    torc::set_limit("outer", 2);
    torc::set_limit("other", 2);
    // Around the nodes: the task in the middle has no limit.
    const auto outermost = [](int) {
      return torc::submit(
                 {.worker = 0},
                 [](int) {
                   const auto other = torc::submit(
                       {.limit = "other"}, [](int x) { return x; }, 2);
                   if (other.result() != 2) return false;
                   try {
                     torc::submit({.limit = "outer"}, [] {});
                   } catch (const torc::error&) {
                     return true;
                   }
                   return false;
                 },
                 1)
          .result();
    };
    EXPECT_TRUE(torc::submit({.worker = torc::num_workers() - 1, .limit = "outer"}, outermost, 1).result());
  });
}

TEST(limits, are_counted_in_one_way) {
  on_nodes({}, [] {
    torc::set_limit("licence", 2);
    const auto set_other = [] { torc::set_limit("licence", 2, torc::per_node); };
    EXPECT_THROW(torc::submit({.worker = torc::num_workers() - 1}, set_other).result(), std::invalid_argument);
    EXPECT_THROW(torc::submit({.limit = {"licence", 3}}, [] {}), std::out_of_range);
    torc::set_limit("licence", 3);
    torc::submit({.worker = torc::num_workers() - 1, .limit = {"licence", 3}}, [] {}).result();
  });
}

TEST(limits, end_with_a_main_that_throws_while_tasks_wait_for_units) {
  EXPECT_EQ(tests::status_on_nodes({.workers = 1},
                                   [] {
                                     torc::set_limit("licence", 1);
                                     for (int i = 0; i < 50; ++i)
                                       torc::submit({.limit = "licence"}, [] { torc::submit([] {}).result(); });
                                     throw std::runtime_error("no more");
                                   }),
            1);
}

TEST(limits, are_known_below_an_executor_in_a_task_that_has_one) {
  on_nodes({}, [] {
    torc::set_limit("licence", 1);
    const auto refused = [] {
      torc::executor pool;
      const auto child = pool.submit({.worker = torc::num_workers() - 1}, [] {
        try {
          torc::submit({.limit = "licence"}, [] {});
        } catch (const torc::error&) {
          return true;
        }
        return false;
      });
      return child.result();
    };
    EXPECT_TRUE(torc::submit({.limit = "licence"}, refused).result()) << "each could wait for the other for ever";
  });
}

/// Has all units of a limit, at home, until it is told to wait for a task; then until that has ended.
class holder {
 public:
  explicit holder(const std::string& limit, int units = 1) {
    m_body = torc::submit({.worker = 0, .limit = {limit, units}}, torc::local([this] {
                            m_has_units = true;
                            while (!m_may_go_on) std::this_thread::yield();
                            return m_awaited ? m_awaited() : 0;
                          }));
    while (!m_has_units) std::this_thread::yield();
  }
  holder(const holder&) = delete;
  holder& operator=(const holder&) = delete;
  ~holder() {
    end();
    torc::wait(std::vector{m_body});
  }
  void end() { m_may_go_on = true; }
  std::size_t wait_for(const torc::future<std::size_t(std::string)>& awaited) {
    m_awaited = [awaited] { return awaited.result(); };
    end();
    return m_body.result();
  }

 private:
  std::atomic<bool> m_has_units{false};
  std::atomic<bool> m_may_go_on{false};
  std::function<std::size_t()> m_awaited;
  torc::future<std::size_t> m_body;
};

std::size_t size_of(const std::string& text) { return text.size(); }

/// The primary task leaves worker 0 to the holder.
void on_nodes_with_a_thread_for_main(void (*main)()) {
  for (const bool stealing : {false, true})
    on_nodes({.workers = 1, .stealing = stealing, .primary = torc::primary_place::thread}, main);
}

// Whoever has the unit waits for a task that is to come where many others wait for that unit.
TEST(limits, leave_room_for_what_those_wait_for_who_have_the_units) {
  on_nodes_with_a_thread_for_main([] {
    torc::set_limit("licence", 1);
    const std::string large(std::size_t{8} << 20U, 'x');
    const int last = torc::num_workers() - 1;
    holder has_unit("licence");
    std::vector<torc::future<std::size_t(std::string)>> others;
    for (int i = 0; i < 20; ++i) others.push_back(torc::submit({.worker = last, .limit = "licence"}, size_of, large));
    EXPECT_EQ(has_unit.wait_for(torc::submit({.worker = last}, size_of, large)), large.size());
    for (const auto& f : others) EXPECT_EQ(f.result(), large.size());
  });
}

TEST(limits, leave_places_for_tasks_with_other_limits_that_those_wait_for_who_have_the_units) {
  on_nodes_with_a_thread_for_main([] {
    torc::set_limit("licence", 1);
    torc::set_limit("disk", 2, torc::per_node);
    torc::set_limit("plenty", 100);
    const std::string text(1000, 'x');
    const int last = torc::num_workers() - 1;
    for (const char* other : {"disk", "plenty"}) {
      holder has_unit("licence");
      std::vector<torc::future<std::size_t(std::string)>> others;
      for (int i = 0; i < 200; ++i) others.push_back(torc::submit({.worker = last, .limit = "licence"}, size_of, text));
      EXPECT_EQ(has_unit.wait_for(torc::submit({.worker = last, .limit = other}, size_of, text)), text.size());
      for (const auto& f : others) EXPECT_EQ(f.result(), text.size());
    }
  });
}

/// Counts how often it leaves a node.
struct counted {
  std::string text;
  inline static std::atomic<int> num_saved{0};
  template <class Archive>
  void save(Archive& archive) const {
    ++num_saved;
    archive(text);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(text);
  }
};

// Those that wait for their units wait at home, as they were submitted, but for a few.
TEST(limits, keep_at_home_what_waits_for_units_elsewhere) {
  on_nodes_with_a_thread_for_main([] {
    if (torc::num_nodes() == 1) return;
    constexpr std::size_t count = 200'000;
    constexpr std::size_t left = 200;
    // Places at each node for its one worker, and what is encoded ahead of those for each of them.
    const int most = (2 + 8) * torc::num_nodes();
    torc::set_limit("licence", 1);
    const counted data{std::string(1000, 'x')};
    const auto take = [](const counted& c) { return static_cast<int>(c.text.size()); };
    const int last = torc::num_workers() - 1;
    holder has_unit("licence");
    counted::num_saved = 0;
    std::vector<torc::future<int(counted)>> futures;
    for (std::size_t i = 0; i < count; ++i)
      futures.push_back(torc::submit({.worker = last, .pinned = i % 2 == 0, .limit = "licence"}, take, data));
    torc::submit({.worker = last, .pinned = true}, [] {}).result();
    EXPECT_LE(counted::num_saved, most);
    torc::enable_stealing();
    for (int w = 1; w < torc::num_workers(); ++w) torc::submit({.worker = w, .pinned = true}, [] {}).result();
    EXPECT_LE(counted::num_saved, most);
    std::size_t num_cancelled = 0;
    for (std::size_t i = count - 1; i >= left; --i) num_cancelled += futures[i].cancel() ? 1 : 0;
    EXPECT_EQ(num_cancelled, count - left);
    torc::disable_stealing();
    has_unit.end();
    for (std::size_t i = 0; i < left; ++i) ASSERT_EQ(futures[i].result(), 1000);
    EXPECT_LE(counted::num_saved, static_cast<int>(left) + most);
  });
}

std::size_t resident_bytes() {
  std::size_t all_pages = 0;
  std::size_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(limits, do_not_keep_cancelled_tasks_on_other_nodes) {
  if (torc::base::is_asan || torc::base::is_tsan) GTEST_SKIP() << "a sanitizer keeps freed memory for a while";
  on_nodes({.workers = 1, .primary = torc::primary_place::thread}, [] {
    if (torc::num_nodes() == 1) return;
    torc::set_limit("licence", 1);
    const std::string large(std::size_t{1} << 20U, 'x');
    const torc::task_options there{.worker = torc::num_workers() - 1, .pinned = true};
    const auto bytes_there = [&] { return torc::submit(there, resident_bytes).result(); };
    holder has_unit("licence");
    const std::size_t before = bytes_there();
    for (int i = 0; i < 160; ++i) {
      const auto f = torc::submit({.worker = there.worker, .limit = "licence"}, size_of, large);
      bytes_there();  // comes after its place, and so it leaves
      ASSERT_TRUE(f.cancel());
    }
    EXPECT_LT(bytes_there(), before + 120 * large.size());
    has_unit.end();
  });
}

TEST(limits, with_more_units_than_workers_let_all_tasks_run) {
  on_all_kinds_of_nodes([] {
    torc::set_limit("plenty", 1000);
    const int last = torc::num_workers() - 1;
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 500; ++i)
      futures.push_back(torc::submit(
          {.worker = last, .limit = "plenty"},
          [](int x) { return 1 + torc::submit([](int y) { return y; }, x).result(); }, i));
    for (int i = 0; i < 500; ++i) ASSERT_EQ(futures[static_cast<std::size_t>(i)].result(), i + 1);
  });
}

// Each has a unit and waits for the next one: there are enough for all of them, though not workers.
TEST(limits, let_tasks_wait_for_others_with_the_same_one) {
  on_nodes_with_a_thread_for_main([] {
    torc::set_limit("licence", 20);
    std::vector<torc::future<int>> chain(20);
    std::atomic<int> num_submitted{0};
    for (std::size_t i = 0; i < 20; ++i) {
      chain[i] = torc::submit({.worker = 0, .limit = "licence"}, torc::local([&chain, &num_submitted, i] {
                                while (num_submitted < 20) std::this_thread::yield();
                                return i + 1 < 20 ? 1 + chain[i + 1].result() : 1;
                              }));
    }
    num_submitted = 20;
    EXPECT_EQ(chain[0].result(), 20);
  });
}

}  // namespace
