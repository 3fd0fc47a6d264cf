// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/device/in_session.hpp"

namespace {

using tests::gpu;
using tests::message_of;
using tests::with_device;

std::atomic<int> destroyed{0};

struct noisy {
  std::string text = "a result longer than what a string holds inside itself";
  noisy() = default;
  noisy(const noisy&) = default;
  noisy& operator=(const noisy&) = default;
  ~noisy() { ++destroyed; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(text);
  }
};

TEST(device_failure, of_work_comes_out_of_the_future) {
  with_device({}, [] {
    {
      const auto task = torc::submit(torc::on<gpu>, [](const gpu& exec) {
        exec.enqueue([]() -> bool { throw torc::device_error("StandIn device 0: launch: no such kernel"); });
        return noisy();
      });
      EXPECT_EQ(message_of<torc::device_error>([&] { task.result(); }), "StandIn device 0: launch: no such kernel");
    }
    EXPECT_EQ(destroyed, 1);
  });
}

TEST(device_failure, of_work_before_a_fence_is_thrown_by_it) {
  with_device({}, [] {
    const auto task = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue([thrown = false]() mutable {
        if (std::exchange(thrown, true)) return true;
        throw torc::device_error("broken");
      });
      try {
        torc::fence(exec);
      } catch (const torc::device_error& e) {
        return std::string(e.what());
      }
      return std::string();
    });
    EXPECT_EQ(task.result(), "broken");
  });
}

TEST(device_failure, a_body_that_throws_leaves_an_idle_slot) {
  with_device({.device_slots = 1}, [] {
    static tests::signal kernel;
    static std::atomic<bool> is_next_running{false};
    const auto bad = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue(kernel.kernel());
      throw std::runtime_error("no");
    });
    const auto next = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      is_next_running = true;
      return exec.stream->is_empty();
    });
    torc::submit([] {}).result();
    EXPECT_FALSE(bad.done());
    EXPECT_FALSE(is_next_running);
    kernel.give();
    EXPECT_THROW(bad.result(), std::runtime_error);
    EXPECT_TRUE(next.result());
  });
}

TEST(device_failure, a_task_without_a_reader_is_reported) {
  EXPECT_EQ(
      tests::status_with_device({}, torc::sched::dispatch::drivers,
                                [] { torc::submit(torc::on<gpu>, [](const gpu&) { throw std::runtime_error("x"); }); }),
      1);
}

TEST(device_failure, a_lost_device_ends_the_job_with_the_reason) {
  EXPECT_EXIT(with_device({},
                          [] {
                            torc::submit(torc::on<gpu>, [](const gpu& exec) {
                              exec.enqueue([]() -> bool {
                                throw torc::sched::device_lost("StandIn device 0: query: it has fallen off the bus");
                              });
                            });
                            torc::wait();
                          }),
              testing::ExitedWithCode(1),
              "TORC: node 0: a device is lost, the job ends: StandIn device 0: query: it has fallen off the bus");
}

TEST(device_failure, scratch_is_of_device_tasks_and_finite) {
  with_device({.device_slots = 1}, [] {
    const gpu none;
    EXPECT_EQ(message_of<torc::error>([&] { torc::scratch(none, 8); }),
              "scratch: only the body of a device task has memory of a slot");
    EXPECT_EQ(message_of<torc::error>([&] { torc::host_scratch(none, 8); }),
              "host_scratch: only the body of a device task has memory of a slot");
    const auto greedy = [](const gpu& exec) { torc::scratch(exec, std::size_t{1} << 40U); };
    EXPECT_EQ(message_of<torc::device_error>([&] { torc::submit(torc::on<gpu>, greedy).result(); }),
              "StandIn device 0: no memory");
    const auto absurd = [](const gpu& exec) { torc::scratch(exec, ~std::size_t{0}); };
    EXPECT_THROW(torc::submit(torc::on<gpu>, absurd).result(), torc::device_error);
  });
}

TEST(device_failure, scratch_of_tasks_that_wait_is_not_given_to_others) {
  for (const auto how : {torc::sched::dispatch::drivers, torc::sched::dispatch::each_worker}) {
    EXPECT_EQ(tests::status_with_device({.device_slots = 1}, how,
                                        [] {
                                          struct fill {
                                            static bool nested(const gpu& exec, int depth) {
                                              bool is_well = true;
                                              std::vector<unsigned char*> mine;
                                              for (const std::size_t size : {1U, 300U, 70000U, 1000U}) {
                                                auto* const at = static_cast<unsigned char*>(torc::scratch(exec, size));
                                                is_well = is_well && reinterpret_cast<std::uintptr_t>(at) % 256 == 0;
                                                std::fill_n(at, size, static_cast<unsigned char>(depth + 1));
                                                mine.push_back(at);
                                              }
                                              if (depth > 0) {
                                                const auto a = torc::submit(torc::on<gpu>, nested, depth - 1);
                                                const auto b = torc::submit(torc::on<gpu>, nested, depth - 1);
                                                is_well = a.result() && b.result() && is_well;
                                              }
                                              for (std::size_t i = 0; i < mine.size(); ++i) {
                                                const std::size_t size = std::array{1U, 300U, 70000U, 1000U}[i];
                                                for (std::size_t j = 0; j < size; ++j)
                                                  is_well = is_well && mine[i][j] == depth + 1;
                                              }
                                              return is_well;
                                            }
                                          };
                                          EXPECT_TRUE(torc::submit(torc::on<gpu>, fill::nested, 5).result());
                                        }),
              0);
  }
}

TEST(device_failure, scratch_is_used_again) {
  with_device({.device_slots = 1}, [] {
    const auto address = [](const gpu& exec) { return reinterpret_cast<std::uintptr_t>(torc::scratch(exec, 1000)); };
    const auto first = torc::submit(torc::on<gpu>, address).result();
    EXPECT_EQ(torc::submit(torc::on<gpu>, address).result(), first);
  });
}

}  // namespace
