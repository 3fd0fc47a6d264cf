// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/endings/driver.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <regex>

#include "unit_tests/storm/dice.hpp"
#include "unit_tests/storm/endings/endings.hpp"

namespace storm {
namespace {

struct result {
  int status = 0;
  bool is_late = false;
  std::string output;
};

/// What `timeout` says of a command that it had to end.
constexpr int status_of_late = 124;

result run(const std::string& command) {
  result found;
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {.status = -1, .output = "cannot start " + command};
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    found.output.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  found.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  found.is_late = found.status == status_of_late;
  return found;
}

/// What is wrong with the end of the job; empty if nothing is.
std::string objection(const job_ending& expected, const result& found) {
  if (found.is_late) return "does not end in its time";
  switch (expected.end) {
    case due::well:
      if (found.status != 0) return fmt::format("ends with status {}", found.status);
      break;
    case due::in_order:
      if (found.status != expected.status)
        return fmt::format("ends with status {} instead of {}", found.status, expected.status);
      break;
    case due::by_force:
      if (found.status == 0) return "ends with status 0";
      break;
  }
  if (!std::regex_search(found.output, std::regex(expected.text)))
    return fmt::format("does not say: {}", expected.text);
  return {};
}

}  // namespace

job_plan plan_job(std::uint64_t seed) {
  dice with(seed);
  job_plan made;
  made.ending = seed % job_endings().size();  // each equally often
  constexpr std::array ranks{1, 2, 2, 3, 4};
  made.ranks = ranks[with.below(ranks.size())];
  made.workers = 1 + static_cast<int>(with.below(3));
  made.culprit = static_cast<int>(with.below(static_cast<std::uint32_t>(made.ranks * made.workers)));
  made.is_stealing = with.one_in(2);
  made.has_own_thread = with.one_in(2);
  return made;
}

int drive(const command_line& given, const std::string& program) {
  int num_wrong = 0;
  int num_jobs = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t seed = given.first_seed; seed <= given.last_seed; ++seed) {
    const job_plan plan = plan_job(seed);
    const std::string command = command_for(given, program, seed, plan.ranks, {});
    const result found = run(fmt::format("timeout -k 5 {} {} --play", given.seconds, command));
    ++num_jobs;
    const job_ending& expected = job_endings()[plan.ending];
    const std::string wrong = objection(expected, found);
    if (wrong.empty()) continue;
    ++num_wrong;
    fmt::print(stderr,
               "storm: the job of seed {} ({} on {} ranks of {} workers, by worker {}) {}; again: {} --play\n{}\n",
               seed, expected.name, plan.ranks, plan.workers, plan.culprit, wrong, command, found.output);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  fmt::print("storm: {} jobs that end in their ways in {:.1f} s, {} went wrong\n", num_jobs, taken.count(), num_wrong);
  return num_wrong == 0 ? 0 : status_wrong;
}

}  // namespace storm
