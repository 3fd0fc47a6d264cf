// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: options stand first, then as_expected, then on_device: map\(\{.retries = 2\}, as_expected, on_device,
// f,|options_stand_first_then_as_expected_then_on_device range\)
#include <torc/device.hpp>
#include <torc/torc.hpp>

#include <vector>

struct some_space {};
int f(const some_space& exec, int x);

void refused() { torc::map(torc::on<some_space>, torc::as_expected, f, std::vector{1, 2}); }
