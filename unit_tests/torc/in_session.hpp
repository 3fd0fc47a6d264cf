// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <torc/torc.hpp>
#include <utility>

#include "core/base/sanitizers.hpp"

namespace tests {

inline int identity(int x) { return x; }

inline int square(int x) { return x * x; }

/// Runs `body` as the primary task of a session of its own; its status. MPI stays up for the next session: torc::start
/// would end it.
template <class Body>
int session_status(torc::options given, Body&& body) {
  given.stats = 0;
  torc::init(given);
  torc::launch(body);
  return torc::shutdown();
}

/// The same for a body that leaves no failure behind.
template <class Body>
void in_session(const torc::options& given, Body&& body) {
  EXPECT_EQ(session_status(given, body), 0) << "of a session with " << given.workers << " workers";
}
template <class Body>
void on_workers(int workers, Body&& body) {
  in_session(torc::options{.workers = workers}, body);
}

/// Main shares worker 0: nothing runs there before it waits.
template <class Body>
void on_workers_with_main(int workers, Body&& body) {
  in_session(torc::options{.workers = workers, .primary = torc::primary_place::worker}, body);
}

/// What must not depend on the number of workers.
template <class Body>
void on_1_2_and_4_workers(Body&& body) {
  for (const int workers : {1, 2, 4}) {
    SCOPED_TRACE(std::to_string(workers) + " workers");
    on_workers(workers, body);
  }
}

/// In the child process of a death test: what it prints can be matched there, and it ends with the status.
template <class Body>
[[noreturn]] void exit_with(Body&& body) {
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  std::exit(body());
}

/// Death tests start the test program anew, so that no thread of an earlier session is in it.
class death_test : public ::testing::Test {
 protected:
  death_test() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

/// Raised once; a thread that awaits it sleeps, and with it the worker whose task that is. Must outlive the blocked
/// tasks: wait for them.
class signal {
 public:
  void raise() noexcept {
    m_is_raised.store(true, std::memory_order_release);
    m_is_raised.notify_all();
  }
  bool is_raised() const noexcept { return m_is_raised.load(std::memory_order_acquire); }
  void block() const noexcept { m_is_raised.wait(false, std::memory_order_acquire); }

 private:
  std::atomic<bool> m_is_raised{false};
};

/// Message of the Exception that `f` throws.
template <class Exception, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const Exception& e) {
    return e.what();
  }
  return "nothing was thrown";
}

/// Counts its copies that are alive.
class counted {
 public:
  explicit counted(int v = 0) : value(v) { add(); }
  counted(const counted& other) : value(other.value) { add(); }
  counted(counted&& other) noexcept : value(std::exchange(other.value, -1)) { add(); }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&& other) noexcept {
    value = std::exchange(other.value, -1);
    return *this;
  }
  ~counted() { --s_alive; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(value);
  }

  static int alive() { return s_alive; }
  static int most_alive() { return s_most; }
  static void forget_most() { s_most = s_alive.load(); }

  int value;

 private:
  static void add() {
    const int now = ++s_alive;
    int most = s_most;
    while (most < now && !s_most.compare_exchange_weak(most, now)) {
    }
  }
  static inline std::atomic<int> s_alive{0};
  static inline std::atomic<int> s_most{0};
};

}  // namespace tests
