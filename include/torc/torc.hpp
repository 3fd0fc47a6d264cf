// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// All of torc's public interface but the MPI communicator.

#include <torc/as_completed.hpp>
#include <torc/bitwise.hpp>
#include <torc/broadcast.hpp>
#include <torc/error.hpp>
#include <torc/executor.hpp>
#include <torc/expected.hpp>
#include <torc/future.hpp>
#include <torc/local.hpp>
#include <torc/map.hpp>
#include <torc/node.hpp>
#include <torc/options.hpp>
#include <torc/rng.hpp>
#include <torc/same.hpp>
#include <torc/session.hpp>
#include <torc/spmd.hpp>
#include <torc/statistics.hpp>
#include <torc/submit.hpp>
#include <torc/task_options.hpp>
#include <torc/time_span.hpp>
#include <torc/wait.hpp>
#include <torc/when_all.hpp>
