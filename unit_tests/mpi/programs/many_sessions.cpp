// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// Threads of the application call all that threads may call, while one tiny session after another opens and ends: each
/// call has its effect, or throws one of the errors that tell why not.

namespace {

int identity(int x) { return x; }

/// Reads of what happens to be there: whatever they give, they do not disturb what opens and closes.
void ask() {
  static_cast<void>(torc::gettime());
  static_cast<void>(torc::node_id() + torc::num_nodes() + torc::num_workers() + torc::num_local_workers());
  static_cast<void>(torc::worker_id() + torc::worker_local_id());
  static_cast<void>(torc::stop_requested());
  static_cast<void>(torc::rng(1)());
  static_cast<void>(torc::stats());
}

void check(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

void submit_and_wait() {
  const auto f = torc::submit(identity, 3);
  const auto doubled = f.then([](int x) { return 2 * x; });
  f.add_done_callback([](const torc::future<int>&) {});
  check(doubled.result() == 6, "the value of a continuation");
  torc::wait(std::vector{f});
  check(f.result() == 3, "a value");
}

void cancel() {
  std::vector<torc::future<int>> futures;
  for (int i = 0; i < 10; ++i) futures.push_back(torc::submit(identity, i));
  for (const auto& f : futures) {
    if (f.cancel()) check(f.cancelled() && f.done(), "a cancelled future is done");
  }
  for (const auto& f : torc::as_completed(futures)) check(f.done(), "what has completed");
}

void map() {
  const std::vector<int> inputs{1, 2, 3, 4};
  check(torc::map(identity, inputs) == inputs, "a map");
  check(torc::when_all(torc::submit(identity, 1), torc::submit(identity, 2)).result() == std::tuple(1, 2),
        "two values");
}

void use_executor() {
  torc::executor ex;
  const auto f = ex.submit(identity, 4);
  ex.submit(identity, 5);
  ex.wait();
  check(f.done(), "an executor waits");
  check(ex.map(identity, std::vector{1, 2}).size() == 2, "an executor's map");
}

void broadcast() {
  const auto handle = torc::broadcast(std::vector{1, 2, 3});
  check(torc::submit([](const torc::broadcast_handle<std::vector<int>>& h) { return h->at(1); }, handle).result() == 2,
        "a broadcast value");
}

void set() {
  torc::set_limit("some", 2);
  check(torc::submit({.limit = "some"}, identity, 6).result() == 6, "a value under a limit");
  torc::enable_stealing();
  torc::disable_stealing();
}

bool is_known(const std::exception& e) {
  constexpr std::array<std::string_view, 6> known{"no session is running",      "no session is open",
                                                  "the session is ending",      "belongs to a session that has ended",
                                                  "and it takes no more tasks", "no limit is named"};
  const std::string_view text = e.what();
  for (const std::string_view one : known) {
    if (text.find(one) != std::string_view::npos) return true;
  }
  return false;
}

class callers {
 public:
  explicit callers(int num) {
    for (int i = 0; i < num; ++i) m_threads.emplace_back([this, i] { call(i); });
  }
  callers(const callers&) = delete;
  callers& operator=(const callers&) = delete;
  ~callers() {
    m_is_over = true;
    for (std::thread& one : m_threads) one.join();
  }
  std::uint64_t num_done() const { return m_num_done; }
  std::uint64_t num_refused() const { return m_num_refused; }

 private:
  void call(int seed) {
    constexpr std::array calls{ask, submit_and_wait, cancel, map, use_executor, broadcast, set};
    std::minstd_rand random(static_cast<unsigned>(seed) + 1);
    while (!m_is_over) {
      try {
        calls[random() % calls.size()]();
        ++m_num_done;
      } catch (const std::exception& e) {
        if (!is_known(e)) fail(e);
        ++m_num_refused;
      }
    }
  }
  [[noreturn]] static void fail(const std::exception& e) {
    std::fprintf(stderr, "wrong: %s\n", e.what());
    std::abort();
  }

  std::atomic<bool> m_is_over{false};
  std::atomic<std::uint64_t> m_num_done{0};
  std::atomic<std::uint64_t> m_num_refused{0};
  std::vector<std::thread> m_threads;  // last: they use the others
};

void main_task() {
  for (int i = 0; i < 5; ++i) torc::submit(identity, i);
  broadcast();
}

}  // namespace

int main(int argc, char** argv) {
  const int num_sessions = argc > 1 ? std::atoi(argv[1]) : 20;
  int rank = 0;
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
  {
    const callers threads(3);
    for (int i = 0; i < num_sessions; ++i) {
      torc::init(torc::options{.stats = 0});
      rank = torc::node_id();
      if (i % 2 == 0) {
        torc::launch(main_task);
        torc::launch(main_task);
      } else if (torc::launch()) {
        main_task();
      }
      if (torc::shutdown() != 0) return 1;
    }
    done = threads.num_done();
    refused = threads.num_refused();
  }
  torc::finalize();
  if (argc > 2)
    std::printf("%llu calls done, %llu refused\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(refused));
  if (rank == 0 && done > 0) std::puts("as it should be");
}
