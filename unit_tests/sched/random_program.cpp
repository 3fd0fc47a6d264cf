// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/sched/random_program.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace tests {
namespace {

using namespace std::chrono_literals;

ledger* g_book = nullptr;

/// How a body ends.
enum class fate : int { value, failure, past_its_timeout, value_after_retries };

/// What holds for a task and all below it.
constexpr unsigned below_limit = 1;
constexpr unsigned below_spmd = 2;

constexpr int max_depth = 5;
constexpr int retries = 2;

struct failure : std::runtime_error {
  explicit failure(std::uint64_t k) : std::runtime_error("as planned"), key(k) {}
  std::uint64_t key;
};

std::uint64_t value_of(std::uint64_t key) { return torc::detail::mix_path(key, 12345); }

std::uint64_t body(std::uint64_t key, std::uint32_t id, int depth, fate end, unsigned context);

/// A submitted task and what must come of it.
struct child {
  using future_type = torc::future<std::uint64_t>;
  future_type future;
  std::uint64_t key;
  std::uint32_t id;
  fate end;
  bool is_cancelled = false;
};

class parent {
 public:
  parent(std::uint64_t key, int depth, unsigned context)
      : m_dice(key), m_key(key), m_depth(depth), m_context(context) {}

  /// Has children and meets them in ways that the dice choose.
  void play() {
    const int rounds = 1 + m_dice.below(2);
    for (int round = 0; round < rounds; ++round) {
      const int fan_out = m_depth == 0 ? 4 + m_dice.below(8) : m_dice.below(5);
      if (m_dice.one_in(5)) {
        map(fan_out);
      } else if (m_dice.one_in(6)) {
        in_executor(fan_out);
      } else if (m_dice.one_in(8) && (m_context & (below_limit | below_spmd)) == 0) {
        spmd();
      } else {
        for (int i = 0; i < fan_out; ++i) submit();
      }
      if (m_dice.one_in(2)) meet();
    }
    meet();
    for (child& c : m_children) check(c);
    m_children.clear();
  }

 private:
  std::uint64_t new_key() { return torc::detail::mix_path(m_key, m_dice.next()); }

  fate choose_end() {
    switch (m_dice.below(12)) {
      case 0:
        return fate::failure;
      case 1:
        return m_dice.one_in(3) ? fate::past_its_timeout : fate::value;
      case 2:
        return fate::value_after_retries;
      default:
        return fate::value;
    }
  }

  torc::task_options choose_options(fate end, unsigned& context) {
    torc::task_options options;
    const int workers = torc::num_workers();
    if (m_dice.one_in(4)) {
      options.worker = m_dice.below(workers);
      options.pinned = m_dice.one_in(2);
    }
    if (m_dice.one_in(4)) options.priority = m_dice.below(4);
    if (m_dice.one_in(8)) options.cores = 1 + m_dice.below(std::min(workers, 3));
    if (m_dice.one_in(8)) options.name = "named";
    if (m_dice.one_in(8)) options.timeout = 1000s;
    if ((context & (below_limit | below_spmd)) == 0 && m_dice.one_in(6)) {
      options.limit = m_dice.one_in(2) ? "one" : "two";
      context |= below_limit;
    }
    if (end == fate::past_its_timeout) options.timeout = 10us;
    if (end == fate::value_after_retries) options.retries = retries;
    return options;
  }

  template <class Submit>
  child make(fate end, unsigned context, Submit submit_body) {
    child made{.future = {},
               .key = new_key(),
               .id = g_book->enter(end == fate::value_after_retries ? retries + 1 : 1),
               .end = end};
    ++g_book->submitted;
    made.future = submit_body(made.key, made.id, m_depth + 1, end, context);
    return made;
  }

  void submit(torc::executor* executor = nullptr) {
    fate end = choose_end();
    unsigned context = m_context;
    child made;
    if (end == fate::value && m_dice.one_in(2)) {
      made = make(end, context, [&](auto... arguments) -> child::future_type {
        if (executor != nullptr) return executor->submit(body, arguments...);
        if (m_dice.one_in(3)) return torc::submit(torc::local([=] { return body(arguments...); }));
        return torc::submit(body, arguments...);
      });
    } else {
      const torc::task_options options = choose_options(end, context);
      made = make(end, context, [&](auto... arguments) -> child::future_type {
        if (executor != nullptr) return executor->submit(options, body, arguments...);
        return torc::submit(options, body, arguments...);
      });
    }
    if (m_dice.one_in(6)) call_back(made);
    if (m_dice.one_in(8)) cancel(made);
    if (m_dice.one_in(8) && !made.is_cancelled) follow(made);
    if (end == fate::value && !made.is_cancelled && m_dice.one_in(4)) return;  // dropped
    m_children.push_back(std::move(made));
  }

  static void cancel(child& c) {
    if (!c.future.cancel()) return;
    c.is_cancelled = true;
    ++g_book->cancelled;
    g_book->expect_runs(c.id, 0);
  }

  static void call_back(const child& c) {
    ++g_book->callbacks_expected;
    ++g_book->submitted;
    c.future.add_done_callback([](const auto& done) {
      if (!done.done()) g_book->problem("a callback came before its future was done");
      ++g_book->callbacks_run;
    });
  }

  /// A continuation takes the place of what it follows, and ends as that does; it may be cancelled before that has
  /// ended.
  void follow(child& c) {
    ++g_book->submitted;
    child after{.future = {},
                .key = c.key,
                .id = g_book->enter(c.end == fate::value || c.end == fate::value_after_retries ? 1 : 0),
                .end = c.end};
    after.future = c.future.then([id = after.id](std::uint64_t value) {
      g_book->run(id);
      return value;
    });
    if (m_dice.one_in(3)) cancel(after);
    m_children.push_back(std::move(after));
  }

  void map(int count) {
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> ids;
    std::vector<unsigned> contexts(static_cast<std::size_t>(count), m_context);
    for (int i = 0; i < count; ++i) {
      keys.push_back(new_key());
      ids.push_back(g_book->enter(1));
    }
    const int chunksize = 1 + m_dice.below(3);
    g_book->submitted += static_cast<std::uint64_t>((count + chunksize - 1) / chunksize);
    const int failing = m_dice.one_in(3) && count > 0 ? m_dice.below(count) : -1;
    const auto element =
        torc::local([depth = m_depth + 1, fails = failing >= 0 ? keys[static_cast<std::size_t>(failing)] : 0](
                        std::uint64_t key, std::uint32_t id, unsigned context) {
          return body(key, id, depth, key == fails ? fate::failure : fate::value, context);
        });
    try {
      const auto values = torc::map({.chunksize = static_cast<std::size_t>(chunksize)}, element, keys, ids, contexts);
      if (failing >= 0) g_book->problem("a map did not throw what its element threw");
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (values[i] != value_of(keys[i])) g_book->problem("a map has a wrong value");
      }
    } catch (const failure& e) {
      if (failing < 0 || e.key != keys[static_cast<std::size_t>(failing)])
        g_book->problem("a map threw what no element of it threw");
    }
  }

  void in_executor(int count) {
    torc::executor executor;
    for (int i = 0; i < count; ++i) submit(&executor);
    if (m_dice.one_in(3)) executor.wait();
    if (m_dice.one_in(3)) executor.shutdown(false);
  }

  void spmd() {
    ++g_book->submitted;
    const std::uint64_t key = new_key();
    const auto values = torc::spmd(body, key, g_book->enter(1), m_depth + 1, fate::value, m_context | below_spmd);
    if (values.size() != 1 || values[0] != value_of(key)) g_book->problem("an spmd has a wrong value");
  }

  void meet() {
    std::vector<child::future_type> futures;
    for (const child& c : m_children) futures.push_back(c.future);
    switch (m_dice.below(9)) {
      case 0:
        torc::wait();
        break;
      case 1:
        if (torc::wait(futures).not_done.size() != 0) g_book->problem("wait for all came back before all were done");
        break;
      case 2:
        if (torc::wait(futures, torc::first_completed).done.empty() && !futures.empty())
          g_book->problem("wait for one came back without one");
        break;
      case 3:
        torc::wait(futures, torc::first_exception);
        break;
      case 4:
        torc::wait(futures, m_dice.one_in(2) ? 0s : torc::time_span(20us));
        break;
      case 5: {
        std::size_t seen = 0;
        for (auto& f : torc::as_completed(futures)) {
          if (!f.done()) g_book->problem("as_completed gave a future that is not done");
          ++seen;
        }
        if (seen != futures.size()) g_book->problem("as_completed gave another number of futures than it got");
        break;
      }
      case 6:
        meet_in_one();
        break;
      case 7:
        for (auto c = m_children.rbegin(); c != m_children.rend(); ++c) check(*c);
        break;
      default:
        break;  // not at all
    }
  }

  void meet_in_one() {
    std::vector<child::future_type> sound;
    std::vector<std::uint64_t> expected;
    for (const child& c : m_children) {
      if (c.is_cancelled || c.end == fate::failure || c.end == fate::past_its_timeout) continue;
      sound.push_back(c.future);
      expected.push_back(value_of(c.key));
    }
    ++g_book->submitted;
    if (torc::when_all(sound).result() != expected) g_book->problem("when_all has wrong values");
  }

  static void check(const child& c) {
    try {
      const std::uint64_t value = c.future.result();
      const bool is_due = !c.is_cancelled && (c.end == fate::value || c.end == fate::value_after_retries);
      if (!is_due) g_book->problem("a task that was to fail has a value");
      if (value != value_of(c.key)) g_book->problem("a task has a wrong value");
    } catch (const failure& e) {
      if (c.is_cancelled || c.end != fate::failure || e.key != c.key) g_book->problem("a task has another's failure");
    } catch (const torc::timeout_error&) {
      if (c.is_cancelled || c.end != fate::past_its_timeout)
        g_book->problem("a task has a timeout that was not to have one");
    } catch (const torc::cancelled_error&) {
      if (!c.is_cancelled) g_book->problem("a task is cancelled that was not");
    }
  }

  dice m_dice;
  const std::uint64_t m_key;
  const int m_depth;
  const unsigned m_context;
  std::vector<child> m_children;
};

std::uint64_t body(std::uint64_t key, std::uint32_t id, int depth, fate end, unsigned context) {
  const int before = g_book->run(id);
  if (depth < max_depth) {
    if (key % 7 == 0) {
      // Exceptions that are being handled stay this task's across its suspensions.
      try {
        throw failure(key);
      } catch (const failure&) {
        parent(key, depth, context).play();
        try {
          throw;
        } catch (const failure& same) {
          if (same.key != key) g_book->problem("a handled exception has become another's");
        }
      }
    } else {
      parent(key, depth, context).play();
    }
  }
  if (end == fate::past_its_timeout) {
    while (!torc::stop_requested()) std::this_thread::yield();
  }
  if (end == fate::failure || (end == fate::value_after_retries && before < retries)) throw failure(key);
  return value_of(key);
}

/// Submits from a thread that runs no task, and waits there for what needs no particular worker.
std::vector<child> submit_from_outside(std::uint64_t seed, bool has_free_worker) {
  std::vector<child> made;
  dice numbers(seed);
  for (int i = 0; i < 20; ++i) {
    child c{.future = {}, .key = numbers.next(), .id = g_book->enter(1), .end = fate::value};
    ++g_book->submitted;
    c.future = torc::submit(body, c.key, c.id, has_free_worker ? max_depth : max_depth - 1, fate::value, 0U);
    if (has_free_worker && c.future.result() != value_of(c.key))
      g_book->problem("a task submitted by a thread has a wrong value");
    made.push_back(std::move(c));
  }
  return made;
}

}  // namespace

void run_random_program(std::uint64_t seed, ledger& book) {
  g_book = &book;
  torc::set_limit("one", 1);
  torc::set_limit("two", 2);
  std::vector<child> from_outside;
  std::thread outside;
  if (seed % 4 == 0) {
    const bool has_free_worker = torc::num_workers() > 1;
    outside = std::thread(
        [&from_outside, seed, has_free_worker] { from_outside = submit_from_outside(seed, has_free_worker); });
    if (!has_free_worker) outside.join();
  }
  parent(torc::detail::mix_path(seed, 1), 0, 0).play();
  torc::wait();  // of those dropped, some may need this worker, which join blocks
  if (outside.joinable()) outside.join();
  for (const child& c : from_outside) {
    if (c.future.result() != value_of(c.key)) book.problem("a task submitted by a thread has a wrong value");
  }
}

}  // namespace tests
