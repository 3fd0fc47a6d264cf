// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "unit_tests/device/in_session.hpp"

/// What is said once in a process of what is to be known of its devices.
namespace {

using tests::gpu;

torc::runtime::backend advising_backend(bool is_used_elsewhere) {
  torc::runtime::backend advising = tests::fake_backend<>(torc::sched::dispatch::one_worker);
  advising.initialise = [=, make = advising.initialise](const torc::runtime::process_place& place) {
    torc::runtime::backend_facts facts = make(place);
    facts.device_advice = "take more ranks";
    facts.is_used_elsewhere = is_used_elsewhere;
    return facts;
  };
  return advising;
}

/// What a program without device tasks prints on standard error.
std::string advice_at_start(bool is_used_elsewhere, int workers) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(
      torc::runtime::start({.workers = workers, .stats = 0}, {advising_backend(is_used_elsewhere)}, [] { return 0; }),
      0);
  return testing::internal::GetCapturedStderr();
}

TEST(device_advice, is_given_at_start_only_where_several_workers_may_need_it_without_a_device_task) {
  EXPECT_EQ(advice_at_start(false, 2), "");
  EXPECT_EQ(advice_at_start(true, 1), "") << "nobody else uses it while main does";
  EXPECT_EQ(advice_at_start(true, 2), "TORC: take more ranks\n");
}

TEST(device_advice_death_test, is_given_at_the_first_device_task) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto run = [] {
    std::exit(torc::runtime::start({.workers = 2, .stats = 0}, {advising_backend(false)}, [] {
      std::fputs("main\n", stderr);
      for (int i = 0; i < 2; ++i) torc::submit(torc::on<gpu>, [](const gpu&) {}).result();
      return 0;
    }));
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "^main\nTORC: take more ranks\n$");
}

}  // namespace
