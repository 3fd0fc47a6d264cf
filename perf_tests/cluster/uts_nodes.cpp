// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Unbalanced tree search over two nodes of one worker, which steal from each other, against two serial searches at
// once: how much of what the cores can give just now turns into progress.

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <torc/mpi.hpp>

#include "support/mpi/job.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"
#include "support/uts_trees.hpp"
#include "uts/search.hpp"

namespace {

/// Nodes a second of one serial search, on each node at once.
double serial_rate(const uts::tree& tree) {
  MPI_Barrier(torc::mpi_comm());
  const auto start = perf::clock::now();
  const auto nodes = uts::search_serially(tree).nodes;
  return static_cast<double>(nodes) / perf::seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "Unbalanced tree search (tree T3) on two nodes against two serial searches at once. Start it on 2 ranks.");
  perf::command_line options;
  options.workers = {2};
  options.add_without_workers_to(line);
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {2})) return *status;
  if (!job.is_first()) return job.serve();

  const uts::tree tree = options.quick ? perf::small_tree() : perf::t3();
  const uts::census right = uts::search_serially(tree);
  constexpr const char* copies_name = "serial copies at once";
  perf::suite suite("uts_nodes", options, copies_name, job.about());
  const std::string what = options.quick ? "search of a small tree" : "search of T3";
  const auto add = [&](const char* rival, auto run) {
    suite.add({what, rival, 2}, "million nodes a second", perf::figure::million_items_a_second, [=, &job] {
      perf::outcome found;
      job.with_torc(1, true, [&] { found = run(); });
      return found;
    });
  };
  add(copies_name, [tree] {
    double sum = 0;
    for (const double rate : torc::spmd(serial_rate, tree)) sum += rate;
    return perf::outcome{1.0, sum, {}};
  });
  add(perf::torc_name, [tree, right] {
    const auto start = perf::clock::now();
    // Nested tasks: they stay at home until they are stolen.
    const uts::census found =
        torc::submit({.worker = 0, .pinned = true}, uts::search, tree, uts::default_chunk).result();
    const double seconds = perf::seconds_since(start);
    if (found != right) throw std::runtime_error(fmt::format("counted {} nodes, not {}", found.nodes, right.nodes));
    return perf::outcome{seconds, static_cast<double>(right.nodes), {}};
  });
  suite.add_target({{what, perf::torc_name, 2}, copies_name, perf::target::bound::at_least, 0.88});
  suite.run(options.pick(options.rounds, 11, 2), !options.quick);
  return suite.finish();
}
