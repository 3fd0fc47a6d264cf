// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/device/in_session.hpp"

namespace {

using tests::gpu;
using tests::message_of;
using tests::with_device;
using torc::sched::dispatch;

int add(const gpu&, int a, int b) { return a + b; }

struct scale {
  double factor = 1;
  double operator()(const gpu&, double x) const { return factor * x; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor);
  }
};

TEST(device_task, its_body_gets_an_instance_and_its_arguments) {
  with_device({}, [] {
    auto sum = torc::submit(torc::on<gpu>, add, 2, 3);
    EXPECT_EQ(sum.result(), 5);
    EXPECT_EQ(sum.input(), (std::tuple<int, int>{2, 3}));
    const int slot = torc::submit(torc::on<gpu>, [](const gpu& exec) { return exec.slot; }).result();
    EXPECT_GE(slot, 0);
    EXPECT_LT(slot, 4);
  });
}

TEST(device_task, runs_on_the_driver_and_not_on_a_worker) {
  with_device({.workers = 2}, [] {
    EXPECT_EQ(torc::submit(torc::on<gpu>, [](const gpu&) { return torc::worker_id(); }).result(), -1);
    const auto of_child =
        torc::submit(torc::on<gpu>, [](const gpu&) { return torc::submit([] { return torc::worker_id(); }).result(); });
    EXPECT_GE(of_child.result(), 0);
  });
}

TEST(device_task, completes_only_when_its_work_is_done) {
  with_device({}, [] {
    static tests::signal kernel;
    static std::atomic<bool> has_returned{false};
    const auto task = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue(kernel.kernel());
      has_returned = true;
    });
    tests::spin_until([] { return has_returned.load(); });
    EXPECT_FALSE(task.done());
    kernel.give();
    task.result();
    EXPECT_TRUE(task.done());
  });
}

TEST(device_task, leaves_the_only_worker_to_others_while_its_work_goes_on) {
  with_device({.workers = 1}, [] {
    static tests::signal kernel;
    const auto task = torc::submit(torc::on<gpu>, [](const gpu& exec) { exec.enqueue(kernel.kernel()); });
    // Only a task of the worker can end the kernel.
    torc::submit([] { kernel.give(); });
    task.result();
  });
}

TEST(device_task, is_not_kept_waiting_by_busy_workers) {
  with_device({.workers = 1}, [] {
    static std::atomic<bool> has_run{false};
    const auto busy = torc::submit([] { tests::spin_until([] { return has_run.load(); }); });
    torc::submit(torc::on<gpu>, [](const gpu&) { has_run = true; });
    busy.result();
  });
}

TEST(device_task, so_many_run_at_one_time_as_there_are_slots) {
  for (const int slots : {1, 2, 4}) {
    with_device({.device_slots = slots}, [slots] {
      static std::atomic<int> running{0};
      static std::atomic<int> most{0};
      running = most = 0;
      std::vector<torc::future<int>> tasks;
      for (int i = 0; i < 100; ++i) {
        const auto body = [](const gpu& exec, int wanted) {
          most = std::max(most.load(), ++running);
          exec.enqueue([wanted] { return most >= wanted; });
          torc::fence(exec);
          --running;
          return exec.slot;
        };
        tasks.push_back(torc::submit(torc::on<gpu>, body, slots));
      }
      std::set<int> used;
      for (const auto& task : tasks) used.insert(task.result());
      EXPECT_EQ(most, slots);
      EXPECT_EQ(used.size(), static_cast<std::size_t>(slots));
    });
  }
}

TEST(device_task, a_fence_suspends_the_task_and_not_the_driver) {
  with_device({.device_slots = 2}, [] {
    static tests::signal kernel;
    static std::vector<int> order;
    order.clear();
    const auto first = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue(kernel.kernel());
      const gpu copy = exec;
      torc::fence(copy);
      order.push_back(2);
    });
    const auto second = torc::submit(torc::on<gpu>, [](const gpu&) {
      order.push_back(1);
      kernel.give();
    });
    first.result();
    second.result();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
  });
}

TEST(device_task, a_fence_of_another_instance_blocks) {
  with_device({}, [] {
    tests::fake_stream stream;
    const gpu own{&stream, 0};
    own.enqueue([left = 3]() mutable { return --left == 0; });
    torc::fence(own);
    EXPECT_TRUE(stream.is_empty());
  });
}

#if !defined(__NVCC__)  // refused there, see check_device_body
TEST(device_task, may_be_a_generic_lambda) {
  with_device({}, [] {
    EXPECT_EQ(torc::submit(
                  torc::on<gpu>, [](const auto&, auto x) { return x + 1; }, 4)
                  .result(),
              5);
  });
}
#endif

TEST(device_task, may_be_an_object_or_local) {
  with_device({}, [] {
    EXPECT_EQ(torc::submit(torc::on<gpu>, scale{3}, 2.0).result(), 6.0);
    int captured = 40;
    EXPECT_EQ(torc::submit(torc::on<gpu>, torc::local([&](const gpu&, int x) { return captured + x; }), 2).result(),
              42);
  });
}

TEST(device_task, map_runs_every_element_on_the_device) {
  with_device({.workers = 2}, [] {
    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    const auto body = [](const gpu& exec, int x) {
      exec.enqueue([left = 2]() mutable { return --left == 0; });
      return torc::worker_id() == -1 ? x * x : -1;
    };
    const auto squares = torc::map(torc::on<gpu>, body, numbers);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
    EXPECT_EQ(torc::map({.chunksize = 32}, torc::on<gpu>, body, numbers), squares);
    torc::executor pool;
    EXPECT_EQ(pool.map(torc::on<gpu>, body, numbers), squares);
    EXPECT_EQ(pool.submit(torc::on<gpu>, add, 1, 2).result(), 3);
  });
}

TEST(device_task, takes_the_options_of_all_tasks) {
  with_device({.device_slots = 1}, [] {
    static std::vector<int> order;
    static tests::signal gate;
    order.clear();
    torc::set_limit("licence", 1);
    torc::submit(torc::on<gpu>, [](const gpu& exec) { exec.enqueue(gate.kernel()); });
    const auto note = [](const gpu&, int x) { order.push_back(x); };
    torc::submit(torc::on<gpu>, note, 0);
    torc::submit({.priority = 1}, torc::on<gpu>, note, 1);
    torc::submit({.priority = 2, .limit = "licence"}, torc::on<gpu>, note, 2);
    const auto cancelled = torc::submit(torc::on<gpu>, note, 3);
    EXPECT_TRUE(cancelled.cancel());
    gate.give();
    torc::wait();
    EXPECT_EQ(order, (std::vector<int>{2, 1, 0}));

    static int tries = 0;
    const auto once_more = [](const gpu& exec) {
      exec.enqueue([] { return true; });
      if (++tries < 3) throw std::runtime_error("again");
      return tries;
    };
    EXPECT_EQ(torc::submit({.retries = 2}, torc::on<gpu>, once_more).result(), 3);

    const auto slow = torc::submit({.timeout = std::chrono::milliseconds(5)}, torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue([] { return torc::stop_requested(); });
      while (!torc::stop_requested()) torc::submit([] {}).result();
      exec.enqueue([] { return true; });
    });
    EXPECT_THROW(slow.result(), torc::timeout_error);
    EXPECT_THROW(torc::submit({.cores = 2}, torc::on<gpu>, add, 1, 2), std::out_of_range);
  });
}

TEST(device_task, many_under_one_limit_all_run) {
  with_device({.workers = 2, .device_slots = 4}, [] {
    torc::set_limit("two", 2);
    static std::atomic<int> running{0};
    static std::atomic<int> most{0};
    for (int i = 0; i < 200; ++i) {
      torc::submit({.limit = "two"}, torc::on<gpu>, [](const gpu& exec) {
        most = std::max(most.load(), ++running);
        exec.enqueue([] { return most >= 2; });
        torc::fence(exec);
        --running;
      });
    }
    torc::wait();
    EXPECT_EQ(most, 2);
  });
}

TEST(device_task, two_drivers_share_the_slots) {
  with_device({.device_slots = 4, .device_drivers = 2}, [] {
    // Each waits for the other: so they are not on one thread.
    static std::atomic<int> arrived{0};
    const auto meet = [](const gpu&) {
      ++arrived;
      tests::spin_until([] { return arrived == 2; });
    };
    torc::submit(torc::on<gpu>, meet);
    torc::submit(torc::on<gpu>, meet);
    torc::wait();
    for (int i = 0; i < 500; ++i) {
      torc::submit(torc::on<gpu>, [](const gpu& exec) {
        exec.enqueue([left = 3]() mutable { return --left == 0; });
        torc::fence(exec);
      });
    }
  });
}

TEST(device_task, counts_as_created_and_executed) {
  with_device({}, [] {
    for (int i = 0; i < 10; ++i) torc::submit(torc::on<gpu>, add, i, i);
    torc::wait();
    EXPECT_EQ(torc::stats().executed, 10);
  });
}

TEST(device_task, or_host_task_runs_where_there_is_room_first) {
  with_device({.workers = 2, .device_slots = 1}, [] {
    static tests::signal kernel;
    static std::atomic<bool> has_begun{false};
    const auto where = torc::on_any_of<gpu>([](int) { return 'h'; }, [](const gpu&, int) { return 'd'; });
    const auto holder = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue(kernel.kernel());
      has_begun = true;
    });
    tests::spin_until([] { return has_begun.load(); });
    EXPECT_EQ(torc::submit(where, 1).result(), 'h');
    kernel.give();
    holder.result();
    static std::atomic<int> busy{0};
    static std::atomic<bool> is_over{false};
    const auto occupy = [] {
      ++busy;
      tests::spin_until([] { return is_over.load(); });
    };
    for (const int worker : {0, 1}) torc::submit({.worker = worker, .pinned = true}, occupy);
    tests::spin_until([] { return busy == 2; });
    const auto on_device = torc::submit(where, 1);
    tests::spin_until([&] { return on_device.done(); });
    EXPECT_EQ(on_device.result(), 'd');
    is_over = true;
  });
}

TEST(device_task, only_spaces_that_some_node_has_can_be_asked_for) {
  using other = tests::fake_space<1>;
  with_device({}, [] {
    EXPECT_EQ(message_of<torc::device_error>([] { torc::submit(torc::on<other>, [](const other&) {}); }),
              "submit: a task needs the execution space OtherStandIn, which no node has (there are: StandIn); "
              "TORC_VERBOSE=1 shows what the nodes found");
    EXPECT_THROW(torc::map(
                     torc::on<other>, [](const other&, int) {}, std::vector<int>{1}),
                 torc::device_error);
    EXPECT_EQ(torc::submit(torc::on_any_of<other>([] { return 1; }, [](const other&) { return 2; })).result(), 1);
  });
}

/// What submit says on a node without any space, and with this backend alone.
std::string refusal_with(const std::vector<torc::runtime::backend>& backends) {
  std::string message;
  EXPECT_EQ(torc::runtime::start({.stats = 0}, backends,
                                 [&] {
                                   message =
                                       message_of<torc::device_error>([] { torc::submit(torc::on<gpu>, add, 1, 2); });
                                   return 0;
                                 }),
            0);
  return message;
}

TEST(device_task, is_told_why_no_node_has_any_space) {
  EXPECT_EQ(refusal_with({}),
            "submit: a task needs the execution space StandIn, and no node has any: build torc with Kokkos "
            "(TORC_ENABLE_KOKKOS=ON); TORC_VERBOSE=1 shows what the nodes found");
  torc::runtime::backend without;
  without.initialise = [](const auto&) {
    torc::runtime::backend_facts facts;
    facts.missing_devices = "the driver is a stub";
    return facts;
  };
  without.finalise = [] {};
  EXPECT_EQ(refusal_with({without}),
            "submit: a task needs the execution space StandIn, and no node has any: the driver is a stub; "
            "TORC_VERBOSE=1 shows what the nodes found");
}

TEST(device_task, a_device_that_cannot_be_prepared_ends_the_program_with_the_reason) {
  torc::runtime::backend broken = tests::fake_backend<>(dispatch::drivers);
  broken.initialise = [](const auto&) -> torc::runtime::backend_facts {
    throw torc::device_error("StandIn: the driver does not answer");
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(torc::runtime::start({.stats = 0}, {broken}, [] { return 0; }), EXIT_FAILURE);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "TORC: StandIn: the driver does not answer\n");
}

TEST(device_task, runs_on_workers_where_the_space_is_synchronous) {
  for (const auto how : {dispatch::each_worker, dispatch::one_worker, dispatch::first_thread}) {
    EXPECT_EQ(tests::status_with_device({.workers = 3}, how,
                                        [how] {
                                          static std::atomic<int> running{0};
                                          static std::atomic<int> most{0};
                                          running = most = 0;
                                          std::vector<torc::future<bool>> tasks;
                                          for (int i = 0; i < 300; ++i) {
                                            tasks.push_back(torc::submit(torc::on<gpu>, [](const gpu& exec) {
                                              most = std::max(most.load(), ++running);
                                              const bool is_own = exec.slot == torc::worker_id() || exec.slot == 0;
                                              exec.enqueue([] { return true; });
                                              torc::fence(exec);
                                              --running;
                                              return is_own && torc::worker_id() >= 0;
                                            }));
                                          }
                                          for (const auto& task : tasks) EXPECT_TRUE(task.result());
                                          EXPECT_LE(most, how == dispatch::each_worker ? 3 : 1);
                                        }),
              0);
  }
}

}  // namespace
