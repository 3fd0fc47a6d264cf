// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace torc::runtime {

/// An object that one thread opens and closes while others use it. Thread-safe.
template <class T>
class published {
 public:
  /// The object, which stays open while this lives; null if there was none.
  class use {
   public:
    /// `kept_open`: the same, or what takes its place, if something else keeps that open; else null.
    use(published& from, T* kept_open) noexcept {
      if (kept_open != nullptr) {
        m_object = kept_open;
      } else {
        m_object = from.begin_use();
        m_from = m_object != nullptr ? &from : nullptr;
      }
    }
    use(const use&) = delete;
    use& operator=(const use&) = delete;
    ~use() {
      if (m_from != nullptr) m_from->end_use();
    }

    explicit operator bool() const noexcept { return m_object != nullptr; }
    T& operator*() const noexcept { return *m_object; }
    T* operator->() const noexcept { return m_object; }

   private:
    T* m_object = nullptr;
    published* m_from = nullptr;  ///< that it has to tell
  };

  /// For who knows that it stays open, or asks no more than whether it is.
  T* look() const noexcept { return m_open.load(std::memory_order_acquire); }

  void open(T& object) noexcept {
    const std::scoped_lock lock(m_mutex);
    m_open.store(&object, std::memory_order_release);
  }
  /// From now on nobody finds it; returns when nobody uses it any more. Does nothing if it is not open.
  void close() noexcept {
    std::unique_lock lock(m_mutex);
    m_open.store(nullptr, std::memory_order_release);
    m_unused.wait(lock, [this] { return m_num_uses == 0; });
  }
  /// In a child of fork, which has none of the threads that used it, but perhaps a lock of theirs.
  void forget() noexcept { m_open.store(nullptr, std::memory_order_relaxed); }

 private:
  T* begin_use() noexcept {
    if (look() == nullptr) return nullptr;
    const std::scoped_lock lock(m_mutex);
    T* const found = m_open.load(std::memory_order_relaxed);
    if (found != nullptr) ++m_num_uses;
    return found;
  }
  void end_use() noexcept {
    const std::scoped_lock lock(m_mutex);
    if (--m_num_uses == 0) m_unused.notify_all();
  }

  std::mutex m_mutex;
  std::atomic<T*> m_open{nullptr};  ///< written under the mutex
  std::size_t m_num_uses = 0;       ///< guarded
  std::condition_variable m_unused;
};

}  // namespace torc::runtime
