// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backends/mpi/calls.hpp"
#include "backends/mpi/doorbell.hpp"
#include "backends/mpi/shared_memory.hpp"

namespace torc::backends::mpi {

/// Which nodes share a host, and their mailboxes.
class neighbours {
 public:
  /// **Collective.**
  explicit neighbours(const communicator& nodes);

  /// The names of all nodes' hosts.
  const std::vector<std::string>& hosts() const noexcept { return m_hosts; }
  /// Null for a node of another host, or if the system gives this host's nodes no memory to share.
  mailbox* of(int node) const noexcept { return m_mailboxes[static_cast<std::size_t>(node)]; }
  mailbox& own() noexcept { return *m_own; }
  /// Whether all nodes of the job have mailboxes here.
  bool are_all() const noexcept { return m_are_all; }

 private:
  std::vector<std::string> m_hosts;
  std::vector<mailbox*> m_mailboxes;
  std::optional<shared_memory> m_memory;
  mailbox m_lonely;  ///< own one if there is no shared memory
  mailbox* m_own = &m_lonely;
  bool m_are_all = false;
};

}  // namespace torc::backends::mpi
