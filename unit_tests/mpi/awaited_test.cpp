// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/fake_device.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

/// Tasks that begun ones wait for, though they are not below those: they go where these have begun, however full it is.
namespace {

using tests::on_nodes;
using gpu = tests::fake_space<0>;

const std::string& large() {
  static const std::string text(std::size_t{8} << 20U, 'x');
  return text;
}

std::size_t length_of(const std::string& text) { return text.size(); }

/// The primary task leaves worker 0 to others.
void on_nodes_with_one_slot(void (*main)()) {
  for (const bool stealing : {false, true})
    on_nodes({.workers = 1, .stealing = stealing, .primary = torc::primary_place::thread, .device_slots = 1}, main);
}

/// What bodies of node 0 wait for once it is known.
class awaited_by_others {
 public:
  void is(std::function<std::size_t()> wait) {
    m_wait = std::move(wait);
    m_known = true;
  }
  std::size_t wait() const {
    while (!m_known) std::this_thread::yield();
    return m_wait();
  }

 private:
  std::atomic<bool> m_known{false};
  std::function<std::size_t()> m_wait;
};

awaited_by_others* waited_for_at_home = nullptr;

std::size_t with_licence(const std::string& text) {
  return text.size() + torc::submit({.limit = "licence"}, [] { return std::size_t{0}; }).result();
}

TEST(awaited, come_where_bodies_wait_for_units_that_those_have_who_wait_for_them) {
  on_nodes_with_one_slot([] {
    torc::set_limit("licence", 1);
    const int last = torc::num_workers() - 1;
    awaited_by_others given;
    std::atomic<bool> has_unit{false};
    const auto holder = torc::submit({.worker = 0, .limit = "licence"}, torc::local([&] {
                                       has_unit = true;
                                       return given.wait();
                                     }));
    while (!has_unit) std::this_thread::yield();
    std::vector<torc::future<std::size_t(std::string)>> others;
    for (int i = 0; i < 20; ++i)
      others.push_back(torc::submit({.worker = last, .pinned = true}, with_licence, large()));
    const auto late = torc::submit({.worker = last, .pinned = true}, length_of, large());
    given.is([&] { return late.result(); });
    EXPECT_EQ(holder.result(), large().size());
    for (const auto& other : others) EXPECT_EQ(other.result(), large().size());
  });
}

std::size_t wait_at_home(const gpu&, const std::string& /*text*/) {
  return torc::submit({.worker = 0, .pinned = true}, [] { return waited_for_at_home->wait(); }).result();
}

/// Whoever has the slot of node 1, where many wait for it, waits for what `make` gives.
void wait_with_a_slot(const std::function<std::function<std::size_t()>()>& make) {
  if (torc::num_nodes() == 1) return;
  awaited_by_others given;
  waited_for_at_home = &given;
  std::vector<torc::future<std::size_t(std::string)>> others;
  for (int i = 0; i < 20; ++i)
    others.push_back(torc::submit({.worker = 1, .pinned = true}, torc::on<gpu>, wait_at_home, large()));
  given.is(make());
  for (const auto& other : others) EXPECT_EQ(other.result(), large().size());
}

TEST(awaited, come_where_device_tasks_wait_for_a_slot_that_those_have_who_wait_for_them) {
  on_nodes_with_one_slot([] {
    wait_with_a_slot([] {
      const auto late = torc::submit({.worker = 1, .pinned = true}, length_of, large());
      return [late] { return late.result(); };
    });
  });
}

TEST(awaited, come_where_inner_device_tasks_wait_for_a_slot_that_those_have_who_wait_for_them) {
  on_nodes_with_one_slot([] {
    if (torc::num_nodes() == 1) return;
    awaited_by_others given;
    waited_for_at_home = &given;
    std::atomic<bool> are_submitted{false};
    const auto others =
        torc::submit({.worker = 0, .pinned = true}, torc::local([&] {
                       for (int i = 0; i < 20; ++i)
                         torc::submit({.worker = 1, .pinned = true}, torc::on<gpu>, wait_at_home, large());
                       are_submitted = true;
                     }));
    while (!are_submitted) std::this_thread::yield();
    const auto late = torc::submit({.worker = 1, .pinned = true}, length_of, large());
    given.is([late] { return late.result(); });
    others.result();
  });
}

TEST(awaited, have_their_own_tasks_come_there_too) {
  on_nodes_with_one_slot([] {
    wait_with_a_slot([] {
      const auto late = torc::submit({.worker = 0, .pinned = true}, torc::local([] {
                                       return torc::submit({.worker = 1, .pinned = true}, length_of, large()).result();
                                     }));
      return [late] { return late.result(); };
    });
  });
}

/// A task for node 1 that the primary task has submitted.
torc::future<std::size_t(std::string)> late_one() {
  return torc::submit({.worker = 1, .pinned = true}, length_of, large());
}

TEST(awaited, come_where_it_is_a_continuation_that_is_waited_for) {
  on_nodes_with_one_slot([] {
    wait_with_a_slot([] {
      const auto after = late_one().then([](const torc::future<std::size_t>& late) { return late.result(); });
      return [after] { return after.result(); };
    });
  });
}

TEST(awaited, come_where_it_is_a_continuation_of_all_that_is_waited_for) {
  on_nodes_with_one_slot([] {
    wait_with_a_slot([] {
      const auto more = late_one().then([](const torc::future<std::size_t>& late) { return late.result(); });
      const std::vector<torc::future<std::size_t>> both{late_one(), more};
      const auto all = torc::when_all(both).then([](const std::vector<std::size_t>& lengths) { return lengths[1]; });
      return [all] { return all.result(); };
    });
  });
}

TEST(awaited, come_where_it_is_an_executor_that_is_waited_for) {
  on_nodes_with_one_slot([] {
    torc::executor pool;
    wait_with_a_slot([&] {
      for (int i = 0; i < 2; ++i) pool.submit({.worker = 1, .pinned = true}, length_of, large());
      return [&] {
        pool.wait();
        return large().size();
      };
    });
  });
}

TEST(awaited, come_where_it_is_a_map_of_an_executor_of_the_primary_task_that_is_waited_for) {
  on_nodes_with_one_slot([] {
    torc::executor pool;
    wait_with_a_slot([&] {
      return [&] {
        const std::vector<std::string> inputs{large()};
        return pool.map({.worker = 1, .pinned = true}, length_of, inputs).front();
      };
    });
  });
}

}  // namespace
