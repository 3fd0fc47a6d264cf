// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "search.hpp"

#include <torc/torc.hpp>
#include <utility>
#include <vector>

namespace uts {

namespace {

/// Takes the newest node off the stack, counts it and puts its children there.
void visit_newest(const tree& t, std::vector<node>& stack, census& found) {
  const node n = stack.back();
  stack.pop_back();
  const int children = t.child_count(n);
  ++found.nodes;
  found.leaves += children == 0 ? 1 : 0;
  found.depth = std::max(found.depth, n.height);
  for (int i = 0; i < children; ++i) stack.push_back(tree::child(n, i));
}

std::vector<node> take_oldest(std::vector<node>& stack, std::size_t count) {
  const auto end = stack.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<node> taken(stack.begin(), end);
  stack.erase(stack.begin(), end);
  return taken;
}

census search_below(const tree& t, const std::vector<node>& roots, std::size_t chunk) {
  census found;
  std::vector<node> stack(roots);
  std::vector<torc::future<census>> parts;
  while (!stack.empty()) {
    visit_newest(t, stack, found);
    while (stack.size() > 2 * chunk) {
      parts.push_back(torc::submit(search_below, t, take_oldest(stack, chunk), chunk));
    }
  }
  torc::wait();
  for (const auto& part : parts) found += part.result();
  return found;
}

}  // namespace

census search(const tree& t, std::size_t chunk) { return search_below(t, {t.root()}, chunk); }

census search_serially(const tree& t) {
  census found;
  std::vector<node> stack{t.root()};
  while (!stack.empty()) visit_newest(t, stack, found);
  return found;
}

}  // namespace uts
