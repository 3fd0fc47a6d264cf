// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// An external program for each of 200 points, three at a time in the whole job. What it prints is appended to a file as
// it comes, and the next run goes on with the points that are not in the file: after Ctrl-C, a crash, or failures. A
// program that fails is run once more, one that takes too long is killed.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;
using command = std::vector<std::string>;

struct settings {
  bool is_help = false;
  int points = 200;
  int at_once = 3;
  int timeout = 60;
  int retries = 1;
  std::string file = "results.csv";
  command program{"awk", "BEGIN { for (i = 1; i <= 1000; ++i) sum += sin(i * ARGV[1]) / i; print sum }"};
};

/// A program in a process group of its own: a Ctrl-C at the terminal does not reach it, and what it starts itself ends
/// with it. Nobody ends it where this process is killed, as by a second Ctrl-C.
class child_process {
 public:
  /// Throws std::system_error if it cannot be started.
  child_process(const command& words, std::FILE* output) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, fileno(output), STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    const int error = posix_spawnp(&m_id, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::system_error(error, std::generic_category(), words[0]);
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  /// Ends it if it still runs: asks, and a second later kills.
  ~child_process() {
    if (!end()) kill(-m_id, SIGTERM);
    for (int i = 0; i < 100 && !end(); ++i) std::this_thread::sleep_for(10ms);
    kill(-m_id, SIGKILL);
    while (waitpid(m_id, nullptr, 0) < 0 && errno == EINTR) continue;  // no zombie is left
  }

  /// How it has ended; nothing while it runs. It stays a zombie until the destructor, so that nobody else gets its id.
  std::optional<siginfo_t> end() const {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(m_id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return {};
    return info;
  }

 private:
  pid_t m_id = -1;
};

/// Runs the program with the number of the point as its last argument, and returns the line that it prints. The worker
/// only waits meanwhile, and looks whether the program is still wanted: its time may be out, or the job may be ending.
std::string run_program(int point, command words) {
  words.push_back(std::to_string(point));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(std::tmpfile(), &std::fclose);
  if (!output) throw std::runtime_error("no temporary file could be made");
  const child_process child(words, output.get());
  while (!child.end()) {
    if (torc::stop_requested()) throw torc::cancelled_error("the program was ended");
    std::this_thread::sleep_for(2ms);
  }
  const siginfo_t end = *child.end();
  if (end.si_code != CLD_EXITED)
    throw std::runtime_error("the program died of signal " + std::to_string(end.si_status));
  if (end.si_status != 0) throw std::runtime_error("the program ended with status " + std::to_string(end.si_status));

  std::rewind(output.get());  // the program has moved the end of what both have open
  std::string line;
  for (int c = std::fgetc(output.get()); c != EOF && c != '\n'; c = std::fgetc(output.get()))
    line += static_cast<char>(c);
  if (line.empty()) throw std::runtime_error("the program printed nothing");
  return line;
}

/// A line for each point that is done.
class results_file {
 public:
  /// Reads what is there, and drops a last line that was not written to its end. Throws std::invalid_argument for a
  /// file of another kind, std::system_error for one that cannot be written.
  explicit results_file(const std::string& path) {
    std::uintmax_t size = 0;
    std::ifstream old(path);
    for (std::string line; std::getline(old, line); size += line.size() + 1) {
      if (old.eof() && (size > 0 || header.starts_with(line))) break;
      if (size == 0 && line != header)
        throw std::invalid_argument(path + " has other contents than results of this program");
      int point = 0;
      if (std::from_chars(line.data(), line.data() + line.size(), point).ec == std::errc()) m_points.insert(point);
    }
    if (old.is_open()) std::filesystem::resize_file(path, size);
    m_file.exceptions(std::ios::failbit | std::ios::badbit);
    m_file.open(path, std::ios::app);
    if (size == 0) m_file << header << std::endl;
  }

  bool has(int point) const { return m_points.contains(point); }
  void append(int point, const std::string& result) {
    m_file << point << ',' << result << std::endl;  // flushed: what is done stays done
    m_points.insert(point);
  }

 private:
  inline static const std::string header = "point,result";
  std::set<int> m_points;
  std::ofstream m_file;
};

int refuse(const std::string& problem) {
  std::fprintf(stderr, "12_external_programs: %s (--help explains the options)\n", problem.c_str());
  return 2;
}

int run(const settings& given) {
  results_file results(given.file);
  torc::set_limit("programs", given.at_once);
  std::vector<torc::future<std::string(int, command)>> tasks;
  for (int point = 0; point < given.points; ++point) {
    if (results.has(point)) continue;
    const torc::task_options options{
        .name = "point " + std::to_string(point),
        .retries = given.retries,
        .timeout = given.timeout,
        .limit = "programs",
    };
    tasks.push_back(torc::submit(options, run_program, point, given.program));
  }
  int done = given.points - static_cast<int>(tasks.size());
  std::printf("%d of %d points were done before\n", done, given.points);

  int failed = 0;
  for (const auto& task : torc::as_completed(tasks)) {
    const int point = std::get<0>(task.input());
    std::string result;
    try {
      result = task.result();
    } catch (const torc::cancelled_error&) {  // the job is ending
      continue;
    } catch (const std::system_error& failure) {  // it cannot be started, and so cannot the others
      for (const auto& other : tasks) {
        if (!other.cancel()) other.exception();  // of those that run it is the same
      }
      return refuse(failure.what());
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "point %d is skipped: %s\n", point, failure.what());
      ++failed;
      continue;
    }
    results.append(point, result);
    ++done;
  }
  std::printf("%d of %d points are done, %d have failed\n", done, given.points, failed);
  return done == given.points ? 0 : 1;
}

int help() {
  std::puts(
      "usage: 12_external_programs [OPTION...] [-- PROGRAM ARGUMENT...]\n"
      "Runs PROGRAM ARGUMENT... POINT for each point and appends the line that it prints to a file of results.\n"
      "Points that are in the file are not run again.\n"
      "  --points N    how many, numbered from 0 (200)\n"
      "  --at-once N   programs that run at a time, all nodes together (3)\n"
      "  --timeout S   seconds after which a program is ended (60)\n"
      "  --retries N   how often a program that fails is run again (1)\n"
      "  --file F      the results (results.csv)");
  return 0;
}

/// Throws std::invalid_argument for what is no option.
settings read(int argc, char** argv) {
  settings given;
  const std::map<std::string, int*> numbers{{"--points", &given.points},
                                            {"--at-once", &given.at_once},
                                            {"--timeout", &given.timeout},
                                            {"--retries", &given.retries}};
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--help") {
      given.is_help = true;
      return given;
    }
    if (value.empty()) throw std::invalid_argument("nothing stands after " + name);
    if (name == "--") {
      given.program.assign(argv + i + 1, argv + argc);
      break;
    }
    if (name == "--file") {
      given.file = value;
    } else if (const auto number = numbers.find(name); number != numbers.end()) {
      const int least = name == "--retries" ? 0 : 1;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *number->second);
      if (error != std::errc() || *end != '\0' || *number->second < least || *number->second > 1'000'000)
        throw std::invalid_argument(name + " is a number from " + std::to_string(least) + " to 1000000, not " + value);
    } else {
      throw std::invalid_argument(name + " is no option");
    }
  }
  return given;
}

}  // namespace

int main(int argc, char** argv) {
  settings given;
  std::string problem;
  try {
    given = read(argc, argv);
  } catch (const std::invalid_argument& wrong) {
    problem = wrong.what();
  }
  // A worker for each program that may run, on however few cores: it only waits. TORC_WORKERS still has the last word.
  return torc::start(torc::options{.workers = given.at_once}, [&] {
    if (!problem.empty()) return refuse(problem);
    if (given.is_help) return help();
    try {
      return run(given);
    } catch (const std::invalid_argument& wrong) {
      return refuse(wrong.what());
    } catch (const std::system_error&) {  // such as std::ios_base::failure
      return refuse(given.file + " cannot be written");
    }
  });
}
