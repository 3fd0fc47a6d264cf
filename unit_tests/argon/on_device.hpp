// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>

#include <torc/kokkos.hpp>
#include <torc/torc.hpp>
#include <utility>

namespace tests {

/// Runs `main` as the primary task of a session. MPI and Kokkos stay up for the next one.
template <class Main>
void in_session(Main&& main) {
  torc::init(torc::options{.workers = 2, .stats = 0});
  torc::launch(std::forward<Main>(main));
  EXPECT_EQ(torc::shutdown(), 0);
}

}  // namespace tests
