// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <torc/torc.hpp>
#include <utility>

#include "core/runtime/session.hpp"
#include "unit_tests/fake_device.hpp"

namespace tests {

using gpu = fake_space<>;

/// Runs `main` as the primary task of a node with a stand-in device, dispatched in this way; the status.
inline int status_with_device(torc::options given, torc::sched::dispatch how, const std::function<void()>& main) {
  given.stats = 0;
  return torc::runtime::start(given, {fake_backend<>(how)}, [&] {
    main();
    return 0;
  });
}

/// The same for a main that leaves no failure behind, on a device with drivers.
inline void with_device(const torc::options& given, const std::function<void()>& main) {
  EXPECT_EQ(status_with_device(given, torc::sched::dispatch::drivers, main), 0);
}

/// Something that a kernel waits for.
class signal {
 public:
  void give() noexcept { m_is_given = true; }
  bool is_given() const noexcept { return m_is_given; }
  std::function<bool()> kernel() const {
    return [this] { return is_given(); };
  }

 private:
  std::atomic<bool> m_is_given{false};
};

/// Waits on the thread, for what another thread will do.
template <class Condition>
void spin_until(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

template <class Error, class Function>
std::string message_of(Function&& function) {
  try {
    function();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace tests
