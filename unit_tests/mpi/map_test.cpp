// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// Maps over several nodes.
namespace {

using tests::on_nodes;

TEST(map, stays_with_its_options_on_the_node_of_its_worker) {
  tests::on_all_kinds_of_nodes([] {
    for (int node = 0; node < torc::num_nodes(); ++node) {
      const int worker = torc::num_local_workers() * node;
      const auto at = [](int) { return torc::worker_id(); };
      EXPECT_EQ(torc::map({.chunksize = 3, .worker = worker, .pinned = true}, at, std::views::iota(0, 50)),
                std::vector<int>(50, worker));
    }
  });
}

TEST(map, runs_elements_again_that_have_thrown_anywhere) {
  on_nodes({}, [] {
    const auto body = [](int i) {
      thread_local int tries = 0;
      if (++tries % 2 == 1) throw std::runtime_error("once");
      return torc::node_id() >= 0 ? i : -1;
    };
    const auto values = torc::map({.retries = 1}, body, std::views::iota(0, 30));
    for (int i = 0; i < 30; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
  });
}

TEST(map, brings_each_value_and_each_failure_home) {
  tests::on_all_kinds_of_nodes([] {
    const auto body = [](int i) {
      if (i % 5 == 2) throw std::out_of_range(std::to_string(i) + " on " + std::to_string(torc::node_id()));
      return i;
    };
    const auto results = torc::map({.chunksize = 4, .retries = 1}, torc::as_expected, body, std::views::iota(0, 100));
    ASSERT_EQ(results.size(), 100U);
    for (int i = 0; i < 100; ++i) {
      const auto& result = results[static_cast<std::size_t>(i)];
      ASSERT_EQ(result.has_value(), i % 5 != 2);
      if (result) {
        EXPECT_EQ(*result, i);
        continue;
      }
      try {
        result.value();
      } catch (const std::out_of_range& e) {
        const auto* const remote = dynamic_cast<const torc::remote_failure*>(&e);
        EXPECT_EQ(e.what(), std::to_string(i) + " on " + std::to_string(remote != nullptr ? remote->node() : 0));
      }
    }
  });
}

/// How often each node has read one.
struct model {
  std::vector<double> numbers;
  template <class Archive>
  void save(Archive& archive) const {
    archive(numbers);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(numbers);
    ++loads;
  }
  static inline std::atomic<int> loads{0};
};

TEST(map, sends_a_large_argument_that_stays_the_same_once_to_each_node) {
  on_nodes({}, [] {
    torc::spmd([] { model::loads = 0; });
    const model large{std::vector<double>(10000, 2)};
    const auto body = [](const model& m, int i) { return m.numbers.back() * i; };
    const auto values = torc::map(body, torc::same(large), std::views::iota(0, 200));
    for (int i = 0; i < 200; ++i) ASSERT_EQ(values[static_cast<std::size_t>(i)], 2 * i);
    const std::vector<int> loads = torc::spmd([] { return model::loads.load(); });
    EXPECT_EQ(loads[0], 0);
    for (const int each : loads) EXPECT_LE(each, 1);
    torc::spmd([] { model::loads = 0; });
    const torc::map_options there{.worker = torc::num_workers() - 1, .pinned = true};
    EXPECT_EQ(torc::map(there, body, torc::same(large), std::views::iota(0, 20)).back(), 2 * 19);
    EXPECT_EQ(torc::spmd([] { return model::loads.load(); }).back(), torc::num_nodes() > 1 ? 1 : 0);
  });
}

TEST(map, sends_a_small_argument_that_stays_the_same_with_each_task) {
  on_nodes({}, [] {
    torc::spmd([] { model::loads = 0; });
    const model small{{2, 3}};
    const auto body = [](int i, const model& m) {
      return std::pair(torc::node_id(), m.numbers.size() == 2 && m.numbers.back() == 3 && i >= 0);
    };
    const auto seen = torc::map({.chunksize = 10}, body, std::views::iota(0, 200), torc::same(small));
    std::map<int, int> elements;
    for (const auto& [node, is_right] : seen) {
      EXPECT_TRUE(is_right);
      ++elements[node];
    }
    const std::vector<int> loads = torc::spmd([] { return model::loads.load(); });
    EXPECT_EQ(loads[0], 0);
    for (int node = 1; node < torc::num_nodes(); ++node)
      EXPECT_EQ(loads[static_cast<std::size_t>(node)], elements[node] / 10);
  });
}

/// Raised on one node and awaited on another one whose only worker waits: a file, since all are on one host.
class flag_between_nodes {
 public:
  flag_between_nodes() : m_path(std::filesystem::temp_directory_path() / ("torc_flag_" + std::to_string(::getpid()))) {}
  flag_between_nodes(const flag_between_nodes&) = delete;
  flag_between_nodes& operator=(const flag_between_nodes&) = delete;
  ~flag_between_nodes() { std::filesystem::remove(m_path); }

  std::string path() const { return m_path.string(); }
  static void raise(const std::string& path) { std::ofstream(path) << "raised"; }
  /// False if it is not raised in a time that should do.
  static bool await(const std::string& path) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!std::filesystem::exists(path)) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  std::filesystem::path m_path;
};

struct element {
  int index;
  int held_node;  ///< whose first element goes on only after
  int free_node;  ///< has done a hundred
  std::string flag;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(index, held_node, free_node, flag);
  }
};

bool run_element(const element& e) {
  static std::atomic<int> done{0};
  static std::atomic<bool> is_held{false};
  if (e.index < 0) {
    done = 0;
    is_held = false;
    return true;
  }
  if (torc::node_id() == e.free_node && ++done == 100) flag_between_nodes::raise(e.flag);
  return torc::node_id() != e.held_node || is_held.exchange(true) || flag_between_nodes::await(e.flag);
}

TEST(map, goes_on_at_the_nodes_that_are_free_while_one_has_a_long_element) {
  for (const bool is_home_held : {false, true}) {
    for (const auto primary : {torc::primary_place::worker, torc::primary_place::thread}) {
      on_nodes({.workers = 1, .primary = primary}, [=] {
        const int last = torc::num_nodes() - 1;
        if (last == 0) return;
        const flag_between_nodes flag;
        for (int worker : {0, last})
          torc::submit({.worker = worker, .pinned = true}, run_element, element{-1, 0, 0, ""});
        torc::wait();
        std::vector<element> elements;
        for (int i = 0; i < 2000; ++i)
          elements.push_back({i, is_home_held ? 0 : last, is_home_held ? last : 0, flag.path()});
        for (const bool went_on : torc::map(run_element, elements)) ASSERT_TRUE(went_on);
      });
    }
  }
}

TEST(map, a_range_that_asks_another_node_is_refused_before_it_has_asked) {
  on_nodes({.workers = 2}, [] {
    static std::atomic<bool> is_free{false};
    const int last = torc::num_workers() - 1;
    if (torc::num_nodes() == 1) return;
    torc::submit({.worker = last, .pinned = true}, [] {
      while (!is_free) std::this_thread::yield();
    });
    auto queued = torc::submit(
        {.worker = last, .pinned = true}, [](int x) { return x; }, 5);
    torc::submit({.worker = last - 1, .pinned = true}, [] {}).result();  // sent after it, so it is there
    const auto reads = [](auto act) {
      return std::views::iota(0, 1) | std::views::transform([act](int i) {
               act();
               return i;
             });
    };
    const auto identity = [](int x) { return x; };
    EXPECT_THROW(torc::map(identity, reads([&] { queued.cancel(); })), torc::error);
    EXPECT_THROW(torc::map(identity, reads([&] { torc::broadcast(1); })), torc::error);
    EXPECT_THROW(torc::map(identity, reads([&] { torc::spmd([] {}); })), torc::error);
    torc::submit({.worker = last - 1, .pinned = true}, [] { is_free = true; }).result();
    EXPECT_EQ(queued.result(), 5);
    EXPECT_FALSE(queued.cancelled());
  });
}

double weigh(const std::pair<const std::string, double>& item) {
  return item.second * static_cast<double>(item.first.size());
}

TEST(map, of_the_pairs_of_a_map) {
  tests::on_all_kinds_of_nodes([] {
    std::map<std::string, double> items;
    for (int i = 0; i < 100; ++i) items.emplace(std::string(static_cast<std::size_t>(i), 'x'), 2.0);
    const auto weights = torc::map(weigh, items);
    for (std::size_t i = 0; i < 100; ++i) ASSERT_EQ(weights[i], 2.0 * static_cast<double>(i));
    const auto doubled = [](const std::pair<const std::string, double>& item) {
      return std::pair<const std::string, int>(item.first + item.first, 7);
    };
    const auto far =
        torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, doubled, *std::next(items.begin()));
    EXPECT_EQ(far.result().first, "xx");
    EXPECT_EQ(far.result().second, 7);
  });
}

}  // namespace
