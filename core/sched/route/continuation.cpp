// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/route/continuation.hpp"

#include <atomic>
#include <memory>
#include <vector>

#include "core/sched/scheduler.hpp"
#include "core/sched/wait/waiters.hpp"
#include "core/sched/worker/awaiting.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::sched {
namespace {

using detail::record;

/// Queues a task when the last of its sources is done; then it is gone.
struct continuation {
  struct entry final : detail::waiter {
    entry() { is_removable = false; }
    void fire(record&) noexcept override { whole->source_is_done(*this); }
    continuation* whole = nullptr;
  };

  continuation(scheduler& s, record& r, std::size_t sources)
      : its_scheduler(&s), task(&r), missing(sources + 1), entries(sources) {}
  continuation(const continuation&) = delete;
  continuation& operator=(const continuation&) = delete;
  ~continuation() {
    if (is_listed) its_scheduler->continuations().remove(*task);
  }

  void source_is_done(const entry& source) noexcept {
    if (is_listed)
      its_scheduler->continuations().source_is_done(*task, static_cast<std::size_t>(&source - entries.data()));
    arrive();
  }

  void arrive() noexcept {
    if (missing.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    scheduler& queue = *its_scheduler;
    record& ready = *task;
    delete this;
    queue.route(ready);
  }

  scheduler* its_scheduler;
  record* task;
  std::atomic<std::size_t> missing;
  std::vector<entry> entries;
  bool is_listed = false;  ///< among those whose sources a begun task may come to wait for
};

struct hook_call final : detail::waiter {
  explicit hook_call(detail::completion_hook& h) : hook(h) { is_removable = false; }
  void fire(record& done) noexcept override {
    detail::completion_hook& called = hook;
    delete this;
    const waiting_ban ban("a task that completes may not wait: the destructor of an argument or result was about to");
    called.completed(done);
  }
  detail::completion_hook& hook;
};

}  // namespace

void defer(scheduler& of, record& task, record& parent, std::uint64_t path, std::span<record* const> sources) {
  auto made = std::make_unique<continuation>(of, task, sources.size());
  // Nobody has the future of a callback, and what a begun task goes on from is awaited at once.
  const bool has_future = (task.flags & detail::record_flags::callback) == 0;
  if (is_in_begun_task()) {
    tell_awaited(sources);
  } else if (has_future && of.peers() != nullptr) {
    of.continuations().add(task, sources);
    made->is_listed = true;
  }
  of.adopt(task, parent, path, rank::below);
  continuation* const whole = made.release();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    whole->entries[i].whole = whole;
    if (!add_waiter(*sources[i], whole->entries[i])) whole->source_is_done(whole->entries[i]);
  }
  whole->arrive();  // for this call itself, which still used it
}

void call_when_done(record& task, detail::completion_hook& hook) {
  auto* const call = new hook_call(hook);
  if (!add_waiter(task, *call)) call->fire(task);
}

}  // namespace torc::sched
