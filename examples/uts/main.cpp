// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Unbalanced tree search: counts the nodes of a tree that is known only by expanding it, so no share of the work can be
// planned. Takes the flags of the reference program.

#include <cstdint>
#include <cstdio>
#include <string>
#include <torc/torc.hpp>

#include "command_line.hpp"
#include "search.hpp"

namespace {

struct settings {
  uts::tree tree;
  std::size_t chunk = uts::default_chunk;
  bool is_serial = false;
};

void declare(examples::command_line& line, settings& s) {
  line.add("-t", s.tree.type, "type: 0 binomial, 1 geometric, 2 hybrid, 3 balanced",
           {uts::tree_type::binomial, uts::tree_type::balanced});
  line.add("-a", s.tree.shape, "shape of a geometric tree: 0 linear, 1 exponential, 2 cyclic, 3 fixed",
           {uts::geometric_shape::linear, uts::geometric_shape::fixed});
  line.add("-d", s.tree.depth, "depth of a geometric, hybrid or balanced tree", {1, 1000000});
  line.add("-b", s.tree.root_branching, "children of the root (geometric: their expected number)", {0.0, 1e6});
  line.add("-r", s.tree.root_seed, "seed of the root", {.least = 0});
  line.add("-q", s.tree.branching_probability, "probability that a node of a binomial tree has children", {0.0, 1.0});
  line.add("-m", s.tree.branching, "children of a binomial tree's node that has any", {0, 1000000});
  line.add("-f", s.tree.shift_depth, "share of the depth at which a hybrid tree turns binomial", {0.0, 1.0});
  line.add("--chunk", s.chunk, "nodes that a task gives away at once", {1, 1000000});
  line.add_flag("--serial", s.is_serial, "search without tasks");
}

int run(int argc, char** argv) {
  settings s;
  examples::command_line line("Unbalanced tree search: counts the nodes of a random tree.", "uts");
  declare(line, s);
  if (const auto status = line.parse(argc, argv)) return *status;

  const double start = torc::gettime();
  const uts::census found = s.is_serial ? uts::search_serially(s.tree) : uts::search(s.tree, s.chunk);
  std::printf("uts: nodes = %llu, depth = %d, leaves = %llu in %.3f s\n", static_cast<unsigned long long>(found.nodes),
              found.depth, static_cast<unsigned long long>(found.leaves), torc::gettime() - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
