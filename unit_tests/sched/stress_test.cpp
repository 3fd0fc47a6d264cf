// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <torc/torc.hpp>

#include "core/base/sanitizers.hpp"
#include "unit_tests/sched/random_program.hpp"
#include "unit_tests/torc/in_session.hpp"

/// Random programs through the public API. A failing one is repeated with STRESS_SEED=its seed (and STRESS_SEEDS=how
/// many from there).
namespace {

using namespace std::chrono_literals;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Says which seed it was when a program does not end, before the test's time limit takes that knowledge away.
class watchdog {
 public:
  explicit watchdog(std::string what) : m_what(std::move(what)), m_thread([this] { watch(); }) {}
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog() {
    {
      const std::scoped_lock lock(m_mutex);
      m_is_over = true;
    }
    m_changed.notify_one();
    m_thread.join();
  }

 private:
  void watch() {
    std::unique_lock lock(m_mutex);
    if (m_changed.wait_for(lock, 90s, [this] { return m_is_over; })) return;
    std::fprintf(stderr, "A random program does not end: %s\n", m_what.c_str());
    std::abort();
  }

  const std::string m_what;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_is_over = false;
  std::thread m_thread;
};

void run_seeds(int workers) {
  const std::uint64_t first = number_from("STRESS_SEED", 1);
  const std::uint64_t fewer = torc::base::is_tsan || torc::base::is_asan ? 10 : 1;
  const std::uint64_t count =
      std::getenv("STRESS_SEED") != nullptr ? number_from("STRESS_SEEDS", 1) : number_from("STRESS_SEEDS", 150) / fewer;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string repeat = "to repeat: STRESS_SEED=" + std::to_string(seed) + " sched --gtest_filter=stress.*_" +
                               std::to_string(workers) + "_worker*";
    SCOPED_TRACE(repeat);
    const watchdog watching(repeat);
    tests::ledger book;
    torc::options given{.workers = workers};
    if (seed % 3 == 0) given.primary = torc::primary_place::thread;
    torc::statistics at_end;
    tests::in_session(given, [&] {
      tests::run_random_program(seed, book);
      torc::wait();
      at_end = torc::stats();
    });
    for (const std::string& problem : book.problems()) ADD_FAILURE() << problem;
    EXPECT_EQ(at_end.created, book.submitted);
    EXPECT_EQ(at_end.executed, book.submitted - book.cancelled);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(stress, random_programs_end_with_the_right_values_on_1_worker) { run_seeds(1); }
TEST(stress, random_programs_end_with_the_right_values_on_2_workers) { run_seeds(2); }
TEST(stress, random_programs_end_with_the_right_values_on_4_workers) { run_seeds(4); }

}  // namespace
