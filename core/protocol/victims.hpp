// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::protocol {

/// Whom a node asks for work, in which order: some nodes of its own host, then some of any other, at random; then its
/// lifelines (Saraswat et al., PPoPP 2011, doi:10.1145/1941553.1941582), which are to remember it.
class victims {
 public:
  /// `near`: the other nodes of the same host.
  victims(base::node_id self, int num_nodes, std::vector<base::node_id> near, std::uint64_t seed);

  /// From the beginning.
  void restart() noexcept { m_asked = 0; }
  /// The next one to ask; no_node when it is time for the lifelines.
  base::node_id next() noexcept;

  /// The nodes self + 1, 2, 4, 8, … : few for each, and the graph of all is connected with short ways.
  const std::vector<base::node_id>& lifelines() const noexcept { return m_lifelines; }

 private:
  std::uint64_t random() noexcept;

  const int m_self;
  const int m_num_nodes;
  const std::vector<base::node_id> m_near;
  std::vector<base::node_id> m_lifelines;
  int m_most_near;
  int m_most_far;
  int m_asked = 0;
  std::uint64_t m_random;
};

}  // namespace torc::protocol
