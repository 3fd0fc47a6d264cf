// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// A job of which somebody wants to know why it does not go on: `state HOW`. A node hears what it prints itself on
/// standard error, so that it knows when the report is there.
namespace {

/// Hands on what this process writes to standard error, and remembers it.
class listener {
 public:
  listener() : m_error(::dup(STDERR_FILENO)) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    m_pipe = ends[0];
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
    std::thread([this] { run(); }).detach();
  }
  /// Not for ever: false if the next question may bring it.
  bool waits_for(const std::string& text) {
    std::unique_lock lock(m_mutex);
    return m_more.wait_for(lock, std::chrono::seconds(3), [&] { return m_heard.find(text) != std::string::npos; });
  }

 private:
  void run() {
    char some[4096];
    for (ssize_t size = 0; (size = ::read(m_pipe, some, sizeof some)) > 0;) {
      static_cast<void>(!::write(m_error, some, static_cast<std::size_t>(size)));
      const std::scoped_lock lock(m_mutex);
      m_heard.append(some, static_cast<std::size_t>(size));
      m_more.notify_all();
    }
  }

  int m_error;
  int m_pipe = -1;
  std::mutex m_mutex;
  std::condition_variable m_more;
  std::string m_heard;
};

listener& ears() {
  static auto* const of_process = new listener;  // for as long as the process lives
  return *of_process;
}

torc::task_options on_last(const char* name) {
  return {.worker = torc::num_workers() - 1, .pinned = true, .name = name};
}

std::mutex g_lock;
std::atomic<bool> g_is_locked{false};

/// Runs where it is stuck: asks by a signal to its own process until the report tells all of it. That may have been
/// made too early at first.
void ask(const std::vector<std::string>& expected) {
  const std::scoped_lock lock(g_lock);
  g_is_locked = true;
  g_is_locked.notify_all();
  bool is_told = false;
  while (!is_told) {
    std::raise(SIGUSR1);
    is_told = true;
    for (const std::string& text : expected) is_told = is_told && ears().waits_for(text);
  }
}

/// Node 0 waits for the last one.
int be_stuck() {
  const std::string place =
      torc::num_nodes() == 1 ? "runs on worker 1" : "at node " + std::to_string(torc::num_nodes() - 1);
  ask({"node 0:   'waiting' on worker 0 waits ", "for 1 child: 'stuck' (" + place + ")", " runs 'stuck' (for "});
  return 0;
}

int be_stuck_for_thread() {
  ask({"node 0:   thread ", ", which runs no task, waits ", "for 1 future: 'stuck' ("});
  return 0;
}

void wait_for_stuck() {
  torc::submit(torc::task_options{.worker = 0, .pinned = true, .name = "waiting"}, torc::local([] {
                 torc::submit(on_last("stuck"), be_stuck);
                 torc::wait();
               }))
      .result();
}

/// The worker beside it waits for a lock that the stuck body holds.
void wait_for_lock() {
  const auto holder = torc::submit(on_last("holder"), torc::local([] { ask({"runs 'holder'", "runs 'blocked'"}); }));
  g_is_locked.wait(false);
  torc::submit(torc::task_options{.worker = 0, .pinned = true, .name = "blocked"},
               torc::local([] { const std::scoped_lock lock(g_lock); }))
      .result();
  holder.result();
}

/// Goes on once somebody else has asked; for ever if that is not to be.
void wait_for_report(bool is_to_end) {
  const std::string last = "node " + std::to_string(torc::num_nodes() - 1) + ": state, on ";
  torc::submit(torc::task_options{.worker = 0, .pinned = true, .name = "stuck"}, torc::local([=] {
                 std::printf("ready\n");
                 std::fflush(stdout);
                 while (!ears().waits_for(last) || !is_to_end) continue;
               }))
      .result();
}

/// A thread that runs no task waits for one on the last node.
void wait_on_own_thread() {
  std::thread([] { torc::submit(on_last("stuck"), be_stuck_for_thread).result(); }).join();
}

/// A task meets all ranks in MPI, which the others do once there is a report of that.
void meet_in_plain_task() {
  const auto meets = torc::submit(torc::task_options{.worker = 0, .pinned = true, .name = "meets nobody"},
                                  torc::local([] { MPI_Barrier(MPI_COMM_WORLD); }));
  ask({"node 0:   worker 0 runs 'meets nobody' (for ", "), in MPI_Barrier"});
  std::vector<torc::future<void>> others;
  for (int node = 1; node < torc::num_nodes(); ++node) {
    others.push_back(
        torc::submit(torc::task_options{.worker = 2 * node, .pinned = true}, [] { MPI_Barrier(MPI_COMM_WORLD); }));
  }
  meets.result();
  torc::wait();
}

int pid_here() { return ::getpid(); }

std::sig_atomic_t volatile g_num_signals = 0;

/// As a program that uses the signal for something else.
void raise_own_signal() {
  std::raise(SIGUSR1);
  torc::submit(on_last("last"), pid_here).result();  // whatever the signal would have brought about is over
  std::printf("the program's handler was called %d times\n", static_cast<int>(g_num_signals));
}

void stop_process() { std::raise(SIGSTOP); }

bool is_stopped(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return text.find(") T ") != std::string::npos;
}

/// One of the ranks does nothing at all.
void stop_last() {
  const int pid = torc::submit(on_last("pid"), pid_here).result();
  const auto stopped = torc::submit(on_last("stopped"), stop_process);
  while (!is_stopped(pid)) std::this_thread::yield();
  ask({"(pid " + std::to_string(pid) + ") has not answered for 5 s"});
  ::kill(pid, SIGCONT);
  stopped.result();
}

void be_stuck_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

/// What keeps the session from ending is another node's own: a thread there has submitted it.
void leave_stuck_elsewhere() {
  torc::submit(on_last("starts a thread"), [] {
    std::thread([] {
      const int here = torc::num_workers() - 1;
      torc::submit(torc::task_options{.worker = here, .pinned = true, .name = "stuck"}, torc::local(be_stuck_for_ever));
    }).join();
  }).result();
}

/// The other ranks come to torc only when node 0 has been asked what it waits for.
void come_late() {
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (rank != 0) {
    MPI_Recv(nullptr, 0, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return;
  }
  std::thread([size] {
    ask({"no primary task is running: it waits in torc::init until all ranks have come there"});
    for (int other = 1; other < size; ++other) MPI_Send(nullptr, 0, MPI_BYTE, other, 0, MPI_COMM_WORLD);
  }).detach();
}

sigset_t told_signal() {
  sigset_t told;
  sigemptyset(&told);
  sigaddset(&told, SIGUSR2);
  return told;
}

/// The other ranks end only when node 0 has been asked what it waits for, and has told them. No thread may take that
/// signal otherwise.
int end_late(int argc, char** argv) {
  const sigset_t told = told_signal();
  std::vector<int> pids;
  torc::init(argc, argv);
  torc::launch([&pids] { pids = torc::spmd(pid_here); });
  const int status = torc::shutdown();
  if (pids.empty()) {
    int signal = 0;
    sigwait(&told, &signal);
  } else {
    std::thread([others = std::vector<int>(pids.begin() + 1, pids.end())] {
      ask({"no primary task is running: it has ended its part, and waits until all ranks have ended theirs"});
      for (const int pid : others) ::kill(pid, SIGUSR2);
    }).detach();
  }
  torc::finalize();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  const sigset_t told = told_signal();
  if (how == "late_end") pthread_sigmask(SIG_BLOCK, &told, nullptr);  // in all threads that are made from now on
  if (how != "stalled" && how != "stalled_at_the_end")
    ears();  // whose last words would be lost when the process is ended
  if (how == "own_handler") std::signal(SIGUSR1, [](int) { g_num_signals = g_num_signals + 1; });
  if (how == "late_end") return end_late(argc, argv);
  const bool is_late = how == "late";
  const bool is_mpi_ours = how == "stuck_with_own_mpi" || is_late;
  int level = 0;
  if (is_mpi_ours) MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &level);
  if (is_late) come_late();
  const int status = torc::start(argc, argv, [&] {
    if (how == "stuck" || how == "stuck_with_own_mpi") wait_for_stuck();
    if (how == "locked") wait_for_lock();
    if (how == "barrier") meet_in_plain_task();
    if (how == "asked") wait_for_report(true);
    if (how == "asked_in_vain") wait_for_report(false);
    if (how == "own_thread") wait_on_own_thread();
    if (how == "own_handler") raise_own_signal();
    if (how == "stopped") stop_last();
    if (how == "stalled_at_the_end") leave_stuck_elsewhere();
    if (how == "stalled") torc::submit(on_last("stuck"), be_stuck_for_ever).result();
  });
  if (is_mpi_ours) MPI_Finalize();
  return status;
}
