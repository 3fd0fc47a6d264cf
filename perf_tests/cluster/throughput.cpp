// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// How many small tasks a second one node can have done by another, and how many bytes can go with them, beside streams
// of plain MPI messages.

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "rivals/mpi/stream.hpp"
#include "support/mpi/job.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

void nothing() {}

template <std::size_t Bytes>
using block = std::array<double, Bytes / sizeof(double)>;

template <std::size_t Bytes>
void take(const block<Bytes>&) {}

void submit_empty(int count) {
  for (int i = 0; i < count; ++i) torc::submit({.worker = 1, .pinned = true}, nothing);
  torc::wait();
}

template <std::size_t Bytes>
void submit_blocks(int count) {
  const block<Bytes> data{};
  for (int i = 0; i < count; ++i) torc::submit({.worker = 1, .pinned = true}, take<Bytes>, data);
  torc::wait();
}

template <class Submit>
double seconds_of(Submit submit, int count) {
  submit(count / 10);
  const auto start = perf::clock::now();
  submit(count);
  return perf::seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "Tasks and bytes a second from one node to another, one worker each. Start it on 2 ranks.");
  perf::command_line options;
  options.workers = {2};
  options.add_without_workers_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "empty tasks a round; 1000000 by default; a fifth of it with 1 kB arguments",
           {100, 100'000'000});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {2})) return *status;
  if (!job.is_first()) return job.serve();

  const int count = options.pick(chosen, 1'000'000, 10'000);
  constexpr const char* mpi_name = "MPI";
  constexpr std::size_t kilobyte = 1024;
  perf::suite suite("throughput", options, mpi_name, job.about());
  const auto add = [&](const std::string& what, const char* rival, const char* unit, double items, auto run) {
    suite.add({what, rival, 2}, unit, perf::figure::million_items_a_second, [=, &job] {
      perf::outcome found;
      job.with_torc(1, false, [&] { found = {run(), items, {}}; });
      return found;
    });
  };
  const std::string empty = fmt::format("{} empty tasks", count);
  add(empty, perf::torc_name, "million tasks a second", count, [=] { return seconds_of(submit_empty, count); });
  const auto add_blocks = [&](std::size_t bytes, int blocks, auto submit) {
    const std::string what = fmt::format("{} times {} kB", blocks, bytes / kilobyte);
    const double total = static_cast<double>(bytes) * blocks;
    add(what, mpi_name, "MB/s", total, [=] {
      torc::spmd(perf::mpi_stream, bytes, blocks / 10);
      return torc::spmd(perf::mpi_stream, bytes, blocks).front();
    });
    add(what, perf::torc_name, "MB/s", total, [=] { return seconds_of(submit, blocks); });
  };
  add_blocks(kilobyte, count / 5, submit_blocks<kilobyte>);
  add_blocks(64 * kilobyte, count / 50, submit_blocks<64 * kilobyte>);
  suite.add_target({{empty, perf::torc_name, 2}, {}, perf::target::bound::at_least, 1});
  suite.add_note(
      "torc: pinned tasks with arguments of this size, submitted and waited for; MPI: messages of this size");
  suite.run(options.pick(options.rounds, 5, 1), false);
  return suite.finish();
}
