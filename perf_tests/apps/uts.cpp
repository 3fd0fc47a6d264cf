// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Unbalanced tree search against as many serial searches at once as there are workers: how much of what the cores can
// give just now turns into progress.

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "rivals/uts/copies.hpp"
#include "rivals/uts/openmp.hpp"
#include "rivals/uts/tbb.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"
#include "support/uts_trees.hpp"
#include "uts/search.hpp"

namespace {

/// Times `search`, which returns the number of nodes.
template <class Search>
perf::outcome timed(Search search, const uts::census& right) {
  const auto start = perf::clock::now();
  const std::uint64_t nodes = search();
  const double seconds = perf::seconds_since(start);
  if (nodes != right.nodes) throw std::runtime_error(fmt::format("counted {} nodes, not {}", nodes, right.nodes));
  return {seconds, static_cast<double>(nodes), {}};
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "Unbalanced tree search (tree T3) against serial searches of the same tree, as many as workers, at once.");
  perf::command_line options;
  options.add_to(line);
  if (const auto status = line.parse(argc, argv)) return *status;

  const uts::tree tree = options.quick ? perf::small_tree() : perf::t3();
  const uts::census right = uts::search_serially(tree);
  if (!options.quick && right != uts::census{4'112'897, 3'599'034, 1572}) {
    fmt::print(stderr, "the serial search of T3 found {} nodes, not 4112897\n", right.nodes);
    return 1;
  }

  const char* copies_name = "serial copies at once";
  perf::suite suite("uts", options, copies_name);
  const std::string what = options.quick ? "search of a small tree" : "search of T3";
  const auto add = [&](const char* rival, int workers, perf::contender run) {
    suite.add({what, rival, workers}, "million nodes a second", perf::figure::million_items_a_second, std::move(run));
  };
  for (const int workers : options.workers) {
    add(copies_name, workers, [=] { return perf::outcome{1.0, perf::serial_copies_rate(tree, workers, right), {}}; });
    add(perf::openmp_name, workers, [=] {
      perf::outcome found;
      perf::with_openmp(workers, [&] { found = timed([&] { return perf::openmp_uts(tree); }, right); });
      return found;
    });
    add(perf::tbb_name, workers, [=] {
      perf::outcome found;
      perf::with_tbb(workers, [&] { found = timed([&] { return perf::tbb_uts_search(tree).run(); }, right); });
      return found;
    });
    add(perf::torc_name, workers, [=] {
      perf::outcome found;
      perf::with_torc(workers, [&] { found = timed([&] { return uts::search(tree).nodes; }, right); });
      return found;
    });
  }
  suite.add_target({{what, perf::torc_name, 2}, copies_name, perf::target::bound::at_least, 0.93});
  suite.add_note("torc as examples/uts does it; serial copies: as many as workers, their nodes a second added");
  suite.run(options.pick(options.rounds, 11, 2), !options.quick);
  return suite.finish();
}
