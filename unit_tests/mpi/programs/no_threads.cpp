// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <optional>
#include <torc/torc.hpp>

#include "unit_tests/no_more_threads.hpp"

/// Nothing can be started on the last node, when the others have begun.
int main() {
  torc::init(torc::options{});
#ifdef TORC_TESTS_HAVE_NO_MORE_THREADS
  std::optional<tests::no_more_threads> limit;
  if (torc::node_id() == torc::num_nodes() - 1) limit.emplace();
#endif
  torc::launch([] {});
  return 0;
}
