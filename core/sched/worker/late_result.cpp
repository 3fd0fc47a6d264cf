// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/late_result.hpp"

#include <torc/detail/archive.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "core/base/spinlock.hpp"
#include "core/sched/worker/baton.hpp"
#include "core/task/extras.hpp"
#include "core/task/kept_bytes.hpp"

namespace torc::sched {
namespace {

using detail::outcome;
using detail::record;

/// Who waits until another one has made a value. They are few and wait for short, so all share one list.
struct late_reader {
  explicit late_reader(const record& r) : task(r) {}
  const record& task;
  late_reader* next = nullptr;
  baton woken;
};
constinit base::spinlock g_lock;
constinit late_reader* g_readers = nullptr;

void wait_for_reader(const record& task) {
  late_reader self(task);  // throws where waiting is forbidden
  {
    const std::scoped_lock lock(g_lock);
    if (task.result_kind.load(std::memory_order_acquire) != outcome::being_read) return;
    self.next = std::exchange(g_readers, &self);
  }
  self.woken.wait();
}

/// record::result_kind has changed before: so whoever looks at it under the lock does not wait any more.
void wake_readers(const record& task) noexcept {
  const std::scoped_lock lock(g_lock);
  for (late_reader** at = &g_readers; *at != nullptr;) {
    late_reader& reader = **at;
    if (&reader.task != &task) {
      at = &reader.next;
      continue;
    }
    *at = reader.next;  // first: it may go on as soon as it is woken
    reader.woken.notify();
  }
}

void make_value(record& task) noexcept {
  outcome made = outcome::value;
  task::kept_bytes* const kept = std::exchange(task.result, nullptr);
  try {
    detail::input_archive in(kept->bytes());
    task.type->codec->decode_result(task, in);
  } catch (...) {
    // Known to whoever asks and to nobody else: a failure that has been looked at.
    auto failure = std::make_shared<task::failure>();
    failure->exception = std::current_exception();
    failure->is_looked_at.store(true, std::memory_order_relaxed);
    task::extras_of(task).failure = std::move(failure);
    made = outcome::unreadable;
  }
  task::kept_bytes::free(kept);
  task.result_kind.store(made, std::memory_order_release);
  wake_readers(task);
}

}  // namespace

void keep_result(record& task, task::kept_bytes& result) noexcept {
  task.result = &result;
  task.result_kind.store(outcome::kept, std::memory_order_relaxed);  // `done` follows
}

void read_result(record& task) {
  outcome kind = task.result_kind.load(std::memory_order_acquire);
  while (kind == outcome::kept || kind == outcome::being_read) {
    if (kind == outcome::being_read) {
      wait_for_reader(task);
      kind = task.result_kind.load(std::memory_order_acquire);
    } else if (task.result_kind.compare_exchange_strong(kind, outcome::being_read, std::memory_order_acquire)) {
      make_value(task);
      return;
    }
  }
}

void drop_result(record& task) noexcept {
  if (task.result_kind.load(std::memory_order_relaxed) == outcome::kept)
    task::kept_bytes::free(std::exchange(task.result, nullptr));
}

}  // namespace torc::sched
