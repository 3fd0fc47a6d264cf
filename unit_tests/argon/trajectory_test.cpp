// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/trajectory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/argon/atoms.hpp"
#include "unit_tests/argon/on_device.hpp"

namespace {

using argon::space;

/// What a body on the device found, for the test to look at. Three numbers of each atom, by id.
struct heated {
  std::vector<double> v;
  std::vector<double> f;
  double pressure = 0;
  int rebuilds = 0;
  int taken_back = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(v, f, pressure, rebuilds, taken_back);
  }
};

argon::state heated_state() {
  argon::state s;
  s.atoms = 256;
  s.cutoff = 2.5;
  s.timestep = 0.001;
  s.steps = 40;
  s.sample_every = 1;
  return s;
}

/// Slow atoms suddenly become fast: steps planned for a list of slow ones are too many.
heated heat_up(const space& exec, const argon::state& s, int longest_life) {
  argon::trajectory motion(exec, s, longest_life);
  argon::samples taken(exec, s);
  motion.advance(60, 0.01);
  motion.scale_to(20);
  motion.advance(s.steps, 20, &taken);
  heated result;
  result.v.resize(3 * static_cast<std::size_t>(s.atoms));
  result.f = result.v;
  const std::vector<int> ids = tests::values_of(exec, motion.all().id);
  const std::vector<double> v = tests::values_of(exec, motion.all().v);
  const std::vector<double> f = tests::values_of(exec, motion.all().f);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::size_t place = 3 * static_cast<std::size_t>(ids[i / 3]) + i % 3;
    result.v[place] = v[i];
    result.f[place] = f[i];
  }
  result.pressure = taken.evaluate(exec).pressure.mean;
  result.rebuilds = motion.rebuilds();
  result.taken_back = motion.taken_back();
  return result;
}

TEST(argon_trajectory, steps_with_too_old_a_list_are_taken_back_and_made_again) {
  tests::in_session([] {
    const heated guessed = torc::submit(torc::on_device, heat_up, heated_state(), 200).result();
    const heated careful = torc::submit(torc::on_device, heat_up, heated_state(), 1).result();
    EXPECT_GT(guessed.taken_back, 0);
    EXPECT_EQ(careful.taken_back, 0);
    EXPECT_LT(guessed.rebuilds, careful.rebuilds / 2);
    // The same but for the order of sums.
    ASSERT_EQ(guessed.v.size(), careful.v.size());
    for (std::size_t i = 0; i < guessed.v.size(); ++i) {
      ASSERT_NEAR(guessed.v[i], careful.v[i], 1e-8);
      ASSERT_NEAR(guessed.f[i], careful.f[i], 1e-6 * (1 + std::abs(careful.f[i])));
    }
    EXPECT_NEAR(guessed.pressure, careful.pressure, 1e-6);

    const heated again = torc::submit(torc::on_device, heat_up, heated_state(), 200).result();
    EXPECT_EQ(guessed.v, again.v);
    EXPECT_EQ(guessed.taken_back, again.taken_back);
  });
}

TEST(argon_trajectory, too_far_in_one_step_is_an_error_that_says_what_to_do) {
  tests::in_session([] {
    argon::state s = heated_state();
    s.timestep = 0.02;
    s.temperature = 100;
    std::string message = "none";
    try {
      torc::submit(torc::on_device, argon::simulate, s).result();
    } catch (const std::runtime_error& e) {
      message = e.what();
    }
    EXPECT_NE(message.find("take a shorter time step"), std::string::npos) << message;
  });
}

}  // namespace
