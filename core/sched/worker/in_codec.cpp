// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/in_codec.hpp"

#include <torc/detail/entry.hpp>

#include <fmt/format.h>

#include <torc/error.hpp>

#include "core/sched/worker/worker.hpp"

namespace torc {
namespace {

/// Of the thread, and so of the fiber too: what may not wait is not suspended.
constinit thread_local int t_depth = 0;

}  // namespace

detail::codec_scope::codec_scope() noexcept : m_worker(sched::worker::current()) {
  ++t_depth;
  if (m_worker != nullptr) m_worker->enter_codec();
}

detail::codec_scope::~codec_scope() {
  if (m_worker != nullptr) m_worker->leave_codec();
  --t_depth;
}

void sched::check_not_in_codec(const char* what) {
  if (t_depth == 0) return;
  throw serialization_error(
      fmt::format("{}: while a value is being written or read, as by its save or load, nothing may be submitted or "
                  "waited for",
                  what));
}

}  // namespace torc
