// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

namespace torc::base {

/// The call of a library in which a thread stands now, for reports by another thread: lives while that thread is in it.
class library_call {
 public:
  using place = std::atomic<const char*>;

  /// `name` must be a literal.
  explicit library_call(const char* name) noexcept : m_outer(t_name.load(std::memory_order_relaxed)) {
    t_name.store(name, std::memory_order_relaxed);
  }
  library_call(const library_call&) = delete;
  library_call& operator=(const library_call&) = delete;
  ~library_call() { t_name.store(m_outer, std::memory_order_relaxed); }

  /// Where the calling thread's is found, as long as that thread lives; null in it for none.
  static const place& of_this_thread() noexcept { return t_name; }

 private:
  static inline constinit thread_local place t_name{nullptr};

  const char* const m_outer;
};

}  // namespace torc::base
