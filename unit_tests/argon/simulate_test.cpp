// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/simulate.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "argon/nist.hpp"
#include "unit_tests/argon/on_device.hpp"

namespace {

argon::state small_state() {
  argon::state s;
  s.atoms = 256;
  s.cutoff = 2.5;
  s.equilibration = 500;
  s.steps = 1000;
  return s;
}

argon::summary run(const argon::state& s) { return torc::submit(torc::on_device, argon::simulate, s).result(); }

TEST(argon_simulate, is_the_same_for_the_same_seed) {
  tests::in_session([] {
    const auto first = run(small_state());
    const auto second = run(small_state());
    EXPECT_EQ(first.energy.mean, second.energy.mean);
    EXPECT_EQ(first.pressure.mean, second.pressure.mean);
    EXPECT_EQ(first.temperature.mean, second.temperature.mean);
    argon::state other = small_state();
    other.seed = 1;
    EXPECT_NE(first.energy.mean, run(other).energy.mean);
  });
}

TEST(argon_simulate, several_at_a_time_are_as_one_by_one) {
  tests::in_session([] {
    std::vector<argon::state> states(4, small_state());
    for (std::size_t i = 0; i < states.size(); ++i) states[i].density = 0.5 + 0.1 * static_cast<double>(i);
    for (auto& s : states) s.steps = 200;
    const auto together = torc::map(torc::on_device, argon::simulate, states);
    for (std::size_t i = 0; i < states.size(); ++i) EXPECT_EQ(together[i].energy.mean, run(states[i]).energy.mean);
  });
}

TEST(argon_simulate, conserves_the_energy_without_a_bath) {
  tests::in_session([] {
    argon::state s = small_state();
    s.kind = argon::ensemble::nve;
    s.steps = 4000;
    const auto found = run(s);
    EXPECT_LT(std::abs(found.drift), 2e-4) << "an atom and time";
    EXPECT_NEAR(found.temperature.mean, s.temperature, 0.1);
    // Which it does not do with a time step four times as long.
    s.timestep = 0.02;
    EXPECT_GT(std::abs(run(s).drift) + 1e-5, std::abs(found.drift));
  });
}

TEST(argon_simulate, has_the_temperature_of_its_bath) {
  tests::in_session([] {
    argon::state s = small_state();
    s.temperature = 1.5;
    s.steps = 4000;
    const auto found = run(s);
    EXPECT_NEAR(found.temperature.mean, 1.5, 5 * found.temperature.error + 0.01);
    EXPECT_LT(found.temperature.error, 0.05);
  });
}

TEST(argon_simulate, a_thin_gas_is_nearly_ideal) {
  tests::in_session([] {
    argon::state s;
    s.density = 0.001;
    s.atoms = 400;
    s.equilibration = 2000;
    s.steps = 4000;
    const auto found = run(s);
    EXPECT_NEAR(found.pressure.mean, 0.001 * 0.85, 5e-5);
    EXPECT_LT(found.energy.mean, 0);
    EXPECT_GT(found.energy.mean, -0.05);
  });
}

TEST(argon_simulate, observed_tells_how_far_it_is_and_finds_the_same) {
  tests::in_session([] {
    const auto steps = torc::submit(
                           torc::on_device,
                           [](const argon::space& exec, const argon::state& s) {
                             std::vector<int> seen;
                             const auto found = argon::simulate_observed(
                                 exec, s, [&](const argon::progress& done) { seen.push_back(done.steps); });
                             seen.push_back(found.energy.mean == argon::simulate(exec, s).energy.mean ? 1 : 0);
                             return seen;
                           },
                           small_state())
                           .result();
    ASSERT_GT(steps.size(), 10U);
    EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end() - 1));
    EXPECT_EQ(steps[steps.size() - 2], small_state().steps);
    EXPECT_EQ(steps.back(), 1) << "the energies differ";
  });
}

TEST(argon_simulate, a_bad_state_fails_its_task) {
  tests::in_session([] {
    argon::state s = small_state();
    s.density = 0;
    EXPECT_THROW(run(s), std::invalid_argument);
  });
}

// The program argon --nist does this for all of NIST's states, at length.
TEST(argon_simulate, gives_nists_values_at_density_0776) {
  tests::in_session([] {
    const auto found = run({});
    const argon::reference* const known = argon::reference_of(found.of);
    ASSERT_NE(known, nullptr);
    ASSERT_TRUE(known->pressure);
    fmt::print("U/N = {:.4f} +- {:.4f} (NIST {}), p = {:.4f} +- {:.4f} (NIST {})\n", found.energy.mean,
               found.energy.error, known->energy.mean, found.pressure.mean, found.pressure.error, *known->pressure);
    EXPECT_LT(found.energy.error, 0.005);
    EXPECT_NEAR(found.energy.mean, known->energy.mean, 4 * std::hypot(found.energy.error, known->energy.error));
    EXPECT_LT(found.pressure.error, 0.03);
    EXPECT_NEAR(found.pressure.mean, *known->pressure, 4 * found.pressure.error);
  });
}

}  // namespace
