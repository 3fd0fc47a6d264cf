// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/base/random.hpp"
#include "core/protocol/local_side.hpp"

namespace torc::protocol {

/// Whom a node asks for work, in which order: some nodes of its own host, then some of any other, at random; then its
/// lifelines (Saraswat et al., PPoPP 2011, doi:10.1145/1941553.1941582), which are to remember it. Work for workers may
/// be with any node, that for an execution space only with those that have it: so each has a ring of its own.
class victims {
 public:
  /// `near`: the other nodes of the same host, in order. `with_space`: by space, the nodes that have it, in order and
  /// this one among them; none for spaces that this one lacks.
  victims(base::node_id self, int num_nodes, const std::vector<base::node_id>& near,
          const std::vector<std::vector<base::node_id>>& with_space, std::uint64_t seed);

  /// What is wanted here from the beginning.
  void restart(const demand& what) noexcept;
  void restart() noexcept;
  /// The next one to ask; no_node when it is time for the lifelines.
  base::node_id next(const demand& want) noexcept;

  /// Of each ring the nodes 1, 2, 4, 8, … after this one: few for each, and the graph of all is connected with short
  /// ways.
  const std::vector<base::node_id>& lifelines() const noexcept { return m_lifelines; }
  /// The places of those among them that may have what is wanted, some perhaps twice.
  template <class Function>
  void for_each_lifeline(const demand& want, Function function) const {
    for (const victim_ring& c : m_rings) {
      if (!c.is_wanted(want)) continue;
      for (const std::size_t place : c.lifelines) function(place);
    }
  }

 private:
  struct victim_ring {
    std::uint64_t space_bit = 0;         ///< 0: what workers do
    std::vector<base::node_id> members;  ///< without this one; empty if it is all nodes
    std::vector<base::node_id> near;
    std::vector<std::size_t> lifelines;  ///< their places
    int most_near = 0;
    int most = 0;
    int asked = 0;

    bool is_wanted(const demand& want) const noexcept {
      return space_bit != 0 ? (want.spaces & space_bit) != 0 : want.is_for_workers;
    }
  };

  void add_ring(victim_ring made, int num_others);
  void add_lifeline(victim_ring& of, base::node_id node);
  base::node_id choose(const victim_ring& from) noexcept;
  static bool is_in(const victim_ring& c, base::node_id node) noexcept;

  const int m_self;
  const int m_num_nodes;
  std::vector<victim_ring> m_rings;
  std::vector<base::node_id> m_lifelines;
  base::random m_random;
};

}  // namespace torc::protocol
