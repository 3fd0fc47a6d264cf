// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: options stand first, then on_device: submit\(\{.retries = 2\}, on_device, f,
// x\)|options_stand_first_then_as_expected_then_on_device
#include <torc/device.hpp>
#include <torc/torc.hpp>

struct some_space {};
int f(const some_space& exec, int x);

void refused() { torc::submit(torc::on<some_space>, {.retries = 2}, f, 1); }
