// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/metrics/json.hpp"
#include "unit_tests/torc/stopping.hpp"

/// A job of several nodes that a signal stops: `stop HOW`.
namespace {

using namespace std::chrono_literals;
using tests::run_until_stopped;
using tests::stop_by;

torc::task_options on_last() { return {.worker = torc::num_workers() - 1, .pinned = true, .name = "culprit"}; }

[[noreturn]] void run_for_ever() {
  for (;;) std::this_thread::sleep_for(10ms);
}

int square(int x) { return x * x; }

void expect(bool is_so, const char* what) {
  if (!is_so) throw std::logic_error(std::string("it is not so that ") + what);
}

template <class F>
void expect_stopped(F call, const char* what) {
  try {
    call();
  } catch (const torc::stopped_error&) {
    return;
  }
  expect(false, what);
}

/// A tree of tasks of which each waits for what is below it.
int grow(int depth) {
  if (depth == 0) return run_until_stopped(1);
  std::vector<torc::future<int>> below;
  for (int i = 0; i < 3; ++i) below.push_back(torc::submit(grow, depth - 1));
  int sum = 0;
  for (const auto& f : below) sum += f.result();
  return sum;
}

/// More of everything than the workers take, the signal, and all waits. It comes to the last node before most is
/// submitted, or to the first one after that.
void use_everything(int signal, bool is_to_last) {
  torc::set_limit("licence", 2);
  std::vector<torc::future<int>> all;
  if (is_to_last) all.push_back(torc::submit(on_last(), stop_by, signal));
  for (int i = 0; i < 2 * torc::num_workers(); ++i) all.push_back(torc::submit(run_until_stopped, i));
  for (int i = 0; i < 3; ++i) all.push_back(torc::submit(grow, 5));
  for (int i = 0; i < 100; ++i) {
    all.push_back(torc::submit(torc::task_options{.retries = 3}, square, i));
    all.push_back(torc::submit(torc::task_options{.timeout = 100}, run_until_stopped, i));
    all.push_back(torc::submit(torc::task_options{.limit = "licence"}, run_until_stopped, i));
    all.push_back(torc::submit(torc::task_options{.worker = i % torc::num_workers(), .pinned = true}, square, i));
    all.push_back(all.back().then([](int x) { return x; }));
  }
  const auto of_all = torc::when_all(all);
  int num_called = 0;
  const auto mapper = torc::submit(torc::local([] { torc::map(square, std::views::iota(0)); }));
  std::thread outside([] {
    expect_stopped([] { torc::submit(run_until_stopped, 1).result(), torc::submit(square, 1).result(); },
                   "other threads are stopped");
  });
  all.front().add_done_callback([&](const auto&) { ++num_called; });
  if (!is_to_last) stop_by(signal);
  int num_done = 0;
  int num_stopped = 0;
  for (const auto& f : torc::as_completed(all)) {
    try {
      f.result();
      ++num_done;
    } catch (const torc::stopped_error&) {
      ++num_stopped;
    }
  }
  outside.join();
  torc::wait();
  expect(num_called == 1, "what has ended is called back about");
  expect(num_done >= (is_to_last ? 1 : 0) && num_stopped >= 400, "most is stopped");
  expect_stopped([&] { mapper.result(); }, "a map is stopped");
  expect_stopped([] { torc::map(square, std::views::iota(0, 10)); }, "a map that begins is stopped");
  for (int i = 0; i < torc::num_workers(); ++i) {
    const torc::task_options there{.worker = i, .pinned = true};
    expect_stopped([&] { torc::submit(there, square, 1).result(); }, "what is submitted then is stopped");
  }
  expect(torc::wait(all).not_done.empty() && of_all.done(), "all waits return");
  std::printf("all waits have returned\n");
}

/// Bodies meet in MPI, and hear of the stop one after the other.
int meet(int signal) {
  if (torc::node_id() == torc::num_nodes() - 1) std::raise(signal);
  int is_over = 0;
  while (is_over == 0) {
    const int hears = torc::stop_requested() ? 1 : 0;
    MPI_Allreduce(&hears, &is_over, 1, MPI_INT, MPI_MIN, torc::mpi_comm());
  }
  return 1;
}

/// As its thread ends, which is when all tasks have ended.
struct last_words {
  last_words() = default;
  last_words(const last_words&) = delete;
  last_words& operator=(const last_words&) = delete;
  ~last_words() { std::raise(SIGINT); }
};
void leave_last_words() { thread_local const last_words said_by_this_thread; }

// Of this process.
int g_node = 0;
int g_num_nodes = 1;

/// What this process has written, of a session that was stopped.
void expect_trace() {
  std::filesystem::path path(std::getenv("TORC_TRACE"));
  if (g_num_nodes > 1) path.replace_extension("node" + std::to_string(g_node) + path.extension().string());
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto all = torc::test::json_reader::read(text);  // throws unless it is whole
  const auto num_met = std::count_if(all.items.begin(), all.items.end(), [](const auto& event) {
    return event["ph"].text == "X" && event["name"].text.find("meet") != std::string::npos;
  });
  expect(num_met == 1, "the body that was asked to return is in the trace");
  std::filesystem::remove(path);
  std::printf("the trace is whole\n");
}

int run(const std::string& how) {
  if (how == "first") use_everything(SIGINT, false);
  if (how == "last") use_everything(SIGTERM, true);
  if (how == "main_throws") {
    torc::submit(on_last(), stop_by, SIGINT);
    run_until_stopped(0);
    torc::submit(square, 2).result();
  }
  if (how == "endless") {
    torc::submit(on_last(), [] {
      std::raise(SIGTERM);
      run_for_ever();
    });
  }
  if (how == "spmd") {
    const auto met = torc::spmd(meet, SIGINT);
    expect(std::accumulate(met.begin(), met.end(), 0) == torc::num_nodes(), "an spmd that has begun goes on");
    expect_stopped([] { torc::spmd([] {}); }, "another spmd is stopped");
    std::printf("all have met\n");
  }
  if (how == "traced") {
    torc::spmd([] {
      g_node = torc::node_id();
      g_num_nodes = torc::num_nodes();
    });
    torc::spmd(meet, SIGINT);
  }
  if (how == "behind_the_end") {
    torc::submit(on_last(), leave_last_words).result();
    return 3;
  }
  if (how == "twice") {
    torc::submit(on_last(), [] {
      stop_by(SIGINT);
      for (;;) std::raise(SIGINT);
    });
  }
  if (how == "late") {
    // Nothing is left that could be stopped, or the end comes in the middle of it.
    torc::spmd([](int) { std::raise(SIGINT); }, 0);
    return 3;
  }
  if (how == "in_map") {
    // The map has begun, and most of its tasks are still to come; it is over before other nodes can say how far they
    // are.
    const auto stay = [](int) {
      while (!torc::stop_requested()) std::this_thread::yield();
    };
    torc::map(torc::local(stay), std::views::iota(0, 100) | std::views::transform([](int i) {
                                   if (i == 1) std::raise(SIGTERM);
                                   return i;
                                 }));
  }
  if (how == "press") {
    std::printf("ready\n");
    std::fflush(stdout);
    for (int i = 0; i < 10 * torc::num_workers(); ++i) torc::submit(run_until_stopped, i);
    torc::wait();
    std::printf("stopped\n");
  }
  if (how == "press_twice") {
    for (int i = 0; i < torc::num_workers(); ++i)
      torc::submit(torc::task_options{.worker = i, .pinned = true}, [] { run_for_ever(); });
    std::printf("ready\n");
    std::fflush(stdout);
  }
  torc::wait();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  tests::have_default_handlers();
  const std::string how = argc > 1 ? argv[1] : "";
  if (how == "own_handler") {
    std::signal(SIGINT, [](int) {
      constexpr char words[] = "the program's own handler\n";
      static_cast<void>(!::write(STDOUT_FILENO, words, sizeof words - 1));
      std::_Exit(77);
    });
    return torc::start(argc, argv, [] { torc::submit(on_last(), [] { std::raise(SIGINT); }); });
  }
  if (how == "launched") {
    torc::init(argc, argv);
    const bool is_first = torc::launch();
    if (is_first) {
      torc::submit(on_last(), stop_by, SIGINT);
      torc::wait();
    }
    const int status = torc::shutdown();
    std::printf("shutdown returns %d\n", status);
    return status;
  }
  const int status = torc::start(argc, argv, [&] { return run(how); });
  if (how == "traced") expect_trace();
  std::printf("start returns %d\n", status);
  std::fflush(stdout);
  return status;
}
