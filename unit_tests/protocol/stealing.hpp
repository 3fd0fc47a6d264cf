// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "unit_tests/protocol/bare_node.hpp"

namespace tests {

inline const message request{.kind = message_kind::steal_request, .workers = 1, .value = 10'000};
inline const message lifeline{.kind = message_kind::lifeline, .workers = 1, .value = 10'000};
inline const message refusal{.kind = message_kind::steal_reply};

/// Refuses whatever the node asks, until it is quiet.
inline void refuse_all(bare_node& here) {
  here.node.starving({});
  while (here.count(message_kind::steal_request) > 0) {
    const auto asked = here.next();
    if (asked.what.kind == message_kind::steal_request) here.get(asked.to, refusal);
  }
}

}  // namespace tests
