// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// In which order a node begins tasks: what is below a begun task first, then by priority, then by age.
namespace {

using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

/// What has begun, in order. By any thread.
class log {
 public:
  void add(const std::string& name) {
    const std::scoped_lock lock(m_mutex);
    m_names += m_names.empty() ? name : " " + name;
  }
  /// A task that adds this name, to stay on its node.
  auto note(const std::string& name) {
    return torc::local([this, name] { add(name); });
  }
  std::string names() const {
    const std::scoped_lock lock(m_mutex);
    return m_names;
  }

 private:
  mutable std::mutex m_mutex;
  std::string m_names;
};

/// The most tasks that were open at one time: begun, and not over.
class open_tasks {
 public:
  auto simulation(int levels = 1) {
    return torc::local([this, levels] {
      const int open = ++m_open;
      for (int most = m_most; most < open && !m_most.compare_exchange_weak(most, open);) continue;
      run_below(levels);
      --m_open;
    });
  }
  int most() const { return m_most; }

 private:
  static void run_below(int levels) {
    if (levels == 0) return;
    for (int i = 0; i < 2; ++i) torc::submit(torc::local([levels] { run_below(levels - 1); }));
    torc::wait();
  }
  std::atomic<int> m_open{0};
  std::atomic<int> m_most{0};
};

constexpr int many = 200;

TEST(order, few_tasks_are_open_at_one_time_whatever_their_priorities) {
  for (const int workers : {1, 2}) {
    on_workers(workers, [workers] {
      for (const int levels : {1, 3}) {
        open_tasks all;
        for (int i = 0; i < many; ++i) torc::submit({.priority = i}, all.simulation(levels));
        torc::wait();
        EXPECT_LE(all.most(), 4 * workers);
      }
    });
  }
}

TEST(order, few_tasks_are_open_at_one_time_where_they_are_pinned) {
  on_workers_with_main(1, [] {
    open_tasks all;
    for (int i = 0; i < many; ++i) torc::submit({.worker = 0, .pinned = true}, all.simulation());
    torc::wait();
    EXPECT_EQ(all.most(), 1);
  });
}

TEST(order, few_tasks_are_open_at_one_time_where_their_children_are_pinned_or_placed) {
  on_workers_with_main(1, [] {
    for (const bool is_pinned : {true, false}) {
      std::atomic<int> open{0};
      int most = 0;
      for (int i = 0; i < many; ++i) {
        torc::submit(torc::local([&open, &most, is_pinned] {
          most = std::max(most, ++open);
          for (int c = 0; c < 2; ++c) torc::submit({.worker = 0, .pinned = is_pinned}, torc::local([] {}));
          torc::wait();
          --open;
        }));
      }
      torc::wait();
      EXPECT_EQ(most, 1) << is_pinned;
    }
  });
}

TEST(order, priority_does_not_lift_what_is_below_nothing_over_what_is_below_a_begun_task) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(torc::local([&] {
      order.add("parent");
      torc::submit(order.note("child"));
      torc::submit({.priority = -5}, order.note("child -5"));
    }));
    for (const double p : {1.0, 9.0}) {
      torc::submit({.priority = p}, torc::local([&order, p] {
                     order.add(std::to_string(static_cast<int>(p)));
                     torc::submit(order.note("below"));
                   }));
    }
    torc::wait();
    EXPECT_EQ(order.names(), "9 below 1 below parent child -5 child");
  });
}

TEST(order, a_task_without_a_priority_counts_with_its_parents) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(torc::local([&] {
      torc::submit(order.note("none"));
      for (const int p : {2, 3}) {
        torc::submit({.priority = static_cast<double>(p)}, torc::local([&order, p] {
                       const std::string name = std::to_string(p);
                       order.add(name);
                       torc::submit({.name = "named"}, torc::local([&order, name] {
                                      order.add("of " + name);
                                      torc::submit(order.note("grandchild of " + name));
                                    }));
                     }));
      }
      torc::submit(order.note("none"));
    })).result();
    EXPECT_EQ(order.names(), "3 of 3 grandchild of 3 2 of 2 grandchild of 2 none none");
  });
}

TEST(order, an_executor_of_a_task_passes_its_priority_on) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(torc::local([&] {
      torc::submit({.priority = 2}, order.note("2"));
      torc::submit({.priority = 3}, torc::local([&order] {
                     torc::executor e;
                     e.submit(order.note("of 3"));
                   }));
    })).result();
    EXPECT_EQ(order.names(), "of 3 2");
  });
}

TEST(order, a_lower_priority_than_the_parents_comes_after_what_was_given_none) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(torc::local([&] {
      torc::submit({.priority = 4}, torc::local([&] {
                     torc::submit({.priority = 1}, order.note("1"));
                     torc::submit(order.note("as its parent"));
                     torc::submit({.priority = 7}, order.note("7"));
                     torc::wait();
                     order.add("parent goes on");
                   }));
      torc::submit({.priority = 3}, order.note("3"));
    })).result();
    EXPECT_EQ(order.names(), "7 as its parent 3 1 parent goes on");
  });
}

TEST(order, nested_tasks_run_newest_first_wherever_they_may_run) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(torc::local([&] {
      torc::submit(order.note("a"));
      torc::submit({.worker = 0}, order.note("b"));
      torc::submit({.name = "c"}, order.note("c"));
      torc::submit(order.note("d"));
      torc::wait();
    })).result();
    EXPECT_EQ(order.names(), "d c b a");
  });
}

TEST(order, tasks_of_the_primary_task_run_in_the_order_of_their_submission_pinned_or_not) {
  on_workers_with_main(1, [] {
    log order;
    torc::submit(order.note("a"));
    torc::submit({.worker = 0, .pinned = true}, order.note("b"));
    torc::submit(order.note("c"));
    torc::submit({.worker = 0, .pinned = true, .priority = 1}, order.note("1"));
    torc::submit({.priority = 2}, order.note("2"));
    torc::submit({.worker = 0}, order.note("d"));
    torc::wait();
    EXPECT_EQ(order.names(), "2 1 a b c d");
  });
}

TEST(order, a_worker_helps_with_what_others_have_open_before_it_begins_something_new) {
  on_workers(2, [] {
    log order;
    signal children_are_queued, children_are_over;
    std::atomic<int> num_over{0};
    torc::submit(torc::local([&] {
      for (int i = 0; i < 5; ++i) {
        torc::submit(torc::local([&] {
          order.add("child");
          if (++num_over == 5) children_are_over.raise();
        }));
      }
      children_are_queued.raise();
      children_are_over.block();
    }));
    children_are_queued.block();
    for (int i = 0; i < 3; ++i) torc::submit(order.note("new"));
    torc::wait();
    EXPECT_EQ(order.names(), "child child child child child new new new");
  });
}

}  // namespace
