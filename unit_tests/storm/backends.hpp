// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/device.hpp>

#include <vector>

#include "backends/mpi/message_sizes.hpp"
#include "core/runtime/backend.hpp"
#include "unit_tests/fake_device.hpp"
#include "unit_tests/storm/hostile_transport.hpp"

namespace storm {

/// The execution space of the storm's devices, which nodes of odd numbers have.
using space = tests::fake_space<0>;

/// What sessions of a storm get: MPI in a hostile transport, and devices.
std::vector<torc::runtime::backend> backends(const torc::backends::mpi::message_sizes& sizes);

/// The job's network, made with the first session; null on a rank alone. Owned by torc.
hostile_transport* network() noexcept;

}  // namespace storm
